"""An award year that the project has never seen, as its announcement has it, for tests of the admin.

It names bodies that the record does not have, leaves one region open (there are many 鼓楼区), has a
line that belongs to nothing, and counts one entry too many.
"""

ANNOUNCEMENT = """\
2016年度中国社区治理创新成果揭晓

经专家评审，评选出4项创新成果、2项提名成果，现予公布。

一、十大创新成果
1.“院落夜话”议事项目（江苏省太仓市沙溪镇人民政府）
居民晚饭后在院落里围坐夜话，开展社区协商，逐项商定公共事务。
2.“红色物业”进小区（四川省成都市锦江区委社会工作部、锦江区民政局）
在小区成立物业党支部，业主委员会与物业服务企业在党组织引领下联席议事。
3.“楼门自治”工作法（鼓楼区人民政府）
以楼门为单元推选楼门长，居民自我管理、自我服务。
本次评选得到各地民政部门的大力支持
二、提名成果
1.“时间银行”互助养老（浙江省杭州市上城区民政局、上城区小营街道办事处）
志愿者为高龄老人提供服务，存下时间，日后兑换照料。
2.“一门式”社区服务（贵州省贵阳市云岩区政府）
政府购买服务，居民在社区一个窗口办理所有事项。
"""

# As the issuer sent it again: a title mended, a summary longer, the count put right.
CORRECTED = (
    ANNOUNCEMENT.replace("4项创新成果", "3项创新成果")
    .replace("“红色物业”进小区", "“红色物业”进万家")
    .replace("日后兑换照料。", "日后兑换照料，已有三千人参加。")
    .replace("本次评选得到各地民政部门的大力支持\n", "")
)
