"""A year of an award that the record does not have, as its documents have it: grades, provinces, doubts.

One 鼓楼区 of many stands below its province, one body is known to no list, one entry looks like that
of an earlier document, and one line belongs to nothing.
"""

AWARD = "长三角社区治理优秀案例"
YEAR_2023 = "csjsqzly-2023"

# What was made known of it before.
EARLIER = """\
2023年度长三角社区治理优秀案例评选结果
一、一等奖
1.居民“微心愿”认领（江苏省苏州市姑苏区民政局）
社区把老人、孩子的小愿望贴在墙上，大家来认领。
"""

DOCUMENT = """\
2023年度长三角社区治理优秀案例评选结果公告
经推荐、初评和终评，评出一等奖3项、二等奖3项，现予公布。
一、一等奖
浙江省
1.“红色议事厅”（杭州市上城区民政局）
上城区在小区里设议事厅，居民、物业和社区干部逐项商定公共事务。
2.“邻里食堂”老人助餐（宁波市鄞州区百丈街道办事处）
街道与餐饮企业合办食堂，志愿者为行动不便的老人送餐上门。
江苏省
3.“微心愿”圆梦行动（苏州市姑苏区民政局）
姑苏区征集居民心愿，由党员和商户认领，每月公布结果。
本次评选得到各地民政部门的大力支持
二、二等奖
江苏省
1.“楼门自治”工作法（鼓楼区民政局）
以楼门为单元推选楼门长，居民自我管理。
2.“时间银行”互助（无锡市梁溪区清名桥邻里之家）
志愿者存下服务的时间，日后兑换照料。
安徽省
3.乡村“夜话亭”（合肥市肥西县三河镇人民政府）
村民晚饭后在亭子里围坐商量村里的事，由村委会逐条答复。
"""
