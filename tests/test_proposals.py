"""A change to a public entry by somebody who may not publish: kept, looked at, accepted or refused."""

import re
import shutil
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils.timezone import localdate

from governance.admin import moving
from governance.models import Achievement, ChangePart, ProposedChange

from .helpers.browser import form_data
from .helpers.pictures import PHOTO, upload
from .test_admin_achievement import errors, form_of, page, save
from .test_who_may_what import person, record, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return signed_in(person("editor", "editor"))


@pytest.fixture
def reviewer():
    return signed_in(person("reviewer", "reviewer"))


@pytest.fixture
def public(draft, publish):
    publish(draft)
    return draft


def address(proposal, view="change"):
    return f"/admin/governance/proposedchange/{proposal.pk}/{view}/"


def propose(editor, entry, **changes):
    """The ProposedChange that such a save makes."""
    assert save(editor, entry, **changes) is None
    return ProposedChange.objects.get(state="open")


def test_it_keeps_a_save_and_does_not_do_it(editor, reviewer, client, public):
    before = record()
    proposal = propose(editor, public, title_en="Courtyard Talks", comment="补上译名")
    now = record()
    # All but the last two, proposals and loads.
    assert now[:-2] == before[:-2]
    assert (proposal.name, proposal.comment, proposal.state) == ("editor", "补上译名", "open")
    html = reviewer.get(address(proposal)).content.decode()
    assert "英文标题" in html
    assert "<ins>Courtyard Talks</ins>" in html
    assert "补上译名" in html
    assert "Courtyard Talks" not in client.get("/en/achievements/2015-w12/").content.decode()


def test_it_says_on_the_form_that_a_proposal_is_made(editor, reviewer, public):
    assert 'value="提交为提议"' in editor.get(page(public)).content.decode()
    assert 'value="提交为提议"' not in reviewer.get(page(public)).content.decode()
    proposal = propose(editor, public, title_en="Courtyard Talks")
    assert address(proposal) in reviewer.get(page(public)).content.decode()


def test_it_proposes_nothing_that_is_wrong(editor, public):
    assert "逐项商定公共事务" in save(editor, public, summary="居民晚饭后围坐夜话。")["summary"]
    assert not ProposedChange.objects.exists()


def test_it_does_what_is_accepted_with_both_names(editor, reviewer, client, public):
    proposal = propose(
        editor,
        public,
        title_en="Courtyard Talks",
        comment="补上译名",
        **{"codings-0-words": "围坐夜话"},
    )
    assert reviewer.post(address(proposal, "accept")).status_code == 302
    public.refresh_from_db()
    proposal.refresh_from_db()
    assert (public.title_en, public.status) == ("Courtyard Talks", "published")
    assert public.codings.get().evidence.get().text == "围坐夜话"
    assert (proposal.state, proposal.decided_by) == ("accepted", "reviewer")
    change = ChangePart.objects.filter(entry=public.pk).latest("pk").change
    assert (change.name, change.reason) == ("editor 提议，reviewer 采纳", "补上译名")
    assert "Courtyard Talks" in client.get("/en/achievements/2015-w12/").content.decode()


@pytest.mark.parametrize("state", ["accepted", "refused"])
@pytest.mark.parametrize("act", ["accept", "refuse"])
def test_who_decides_it_too_late_is_told_so(editor, reviewer, public, act, state):
    proposal = propose(editor, public, title_en="Courtyard Talks")
    ProposedChange.objects.update(state=state, decided_by="林小满")
    before = record()
    response = reviewer.post(address(proposal, act), {"answer": "译名有误"}, follow=True)
    assert "没有采纳，也没有关闭" in response.content.decode()
    assert "林小满" in response.content.decode()
    assert record() == before


def test_who_accepts_it_while_another_decides_is_told_so(editor, reviewer, public, monkeypatch):
    proposal = propose(editor, public, title_en="Courtyard Talks")
    monkeypatch.setattr(moving, "close", lambda *args: False)
    response = reviewer.post(address(proposal, "accept"), follow=True)
    assert "没有采纳，也没有关闭" in response.content.decode()
    public.refresh_from_db()
    assert public.title_en == ""


def test_it_asks_about_what_has_changed_meanwhile(editor, reviewer, public):
    proposal = propose(editor, public, title_en="Courtyard Talks", grade="一等奖")
    save(reviewer, public, title_en="Talks at Night", short_name="夜话")
    html = reviewer.get(address(proposal)).content.decode()
    assert "<ins>Courtyard Talks</ins>" in html
    assert "<del>Talks at Night</del>" in html
    assert "现在（reviewer " in html
    assert "没有保存" not in html
    response = reviewer.post(address(proposal, "accept"))
    (asked,) = errors(response).items()
    assert asked[0] == "title_en"
    assert "已改为“Talks at Night”" in asked[1]
    assert "您" not in asked[1]
    assert "下面是 editor 提议的表单，保存即采纳。" in response.content.decode()
    public.refresh_from_db()
    assert (public.title_en, public.grade) == ("Talks at Night", "")
    sent = form_data(response, "achievement_form")
    assert f'action="{address(proposal, "accept")}"' in response.content.decode()
    assert reviewer.post(address(proposal, "accept"), sent).status_code == 302
    public.refresh_from_db()
    assert (public.title_en, public.grade) == ("Courtyard Talks", "一等奖")
    assert public.short_name == "夜话"
    assert ProposedChange.objects.get().state == "accepted"


def test_who_proposes_a_coding_is_its_coder(editor, reviewer, client, public):
    proposal = propose(editor, public, **{"codings-0-words": "围坐夜话"})
    # What has changed meanwhile is asked about first, and the coding is sent once more.
    save(reviewer, public, **{"codings-0-words": "逐项商定"})
    response = reviewer.post(address(proposal, "accept"))
    sent = form_data(response, "achievement_form")
    assert sent["codings-0-words"] == ["围坐夜话"]
    assert reviewer.post(address(proposal, "accept"), sent).status_code == 302
    coding = public.codings.get()
    assert (coding.coder, coding.coded_on) == ("editor", localdate(proposal.at))
    assert "reviewer" not in client.get("/achievements/2015-w12/").content.decode()
    proposal = propose(editor, public, **{"codings-0-weight": "secondary"})
    assert reviewer.post(address(proposal, "accept")).status_code == 302
    assert public.codings.get().coder == "editor"


def test_who_alters_a_proposed_coding_is_its_coder(editor, reviewer, public):
    proposal = propose(editor, public, **{"codings-0-words": "围坐夜话"})
    save(reviewer, public, **{"codings-0-words": "逐项商定"})
    sent = form_data(reviewer.post(address(proposal, "accept")), "achievement_form")
    sent["codings-0-words"] = "商定公共事务"
    assert reviewer.post(address(proposal, "accept"), sent).status_code == 302
    assert public.codings.get().coder == "reviewer"


def test_it_brings_a_picture(editor, reviewer, public, media):
    new = {"upload": upload(PHOTO), "alt": "居民围坐", "credit": "沙溪镇", "position": "1"}
    fields = {f"images-0-{name}": value for name, value in new.items()}
    proposal = propose(editor, public, **fields, **{"images-TOTAL_FORMS": "1"})
    assert not public.images.exists()
    html = reviewer.get(address(proposal)).content.decode()
    assert "居民围坐" in html
    (shown,) = re.findall('<img src="([^"]+)"', html)
    assert reviewer.get(shown)["Content-Type"] == "image/webp"
    assert reviewer.post(address(proposal, "accept")).status_code == 302
    assert public.images.get().alt == "居民围坐"


def test_it_keeps_a_picture_that_an_earlier_try_brought(editor, reviewer, public, media):
    sent = form_of(editor, public) | {"images-TOTAL_FORMS": "1", "images-0-position": "1"}
    first = sent | {"images-0-upload": upload(PHOTO), "images-0-alt": ""}
    again = form_data(editor.post(page(public), first), "achievement_form")
    again |= {"images-0-alt": "居民围坐", "images-0-credit": "沙溪镇"}
    assert editor.post(page(public), again).status_code == 302
    # By the time that it is looked at, no file is left of that try.
    for folder in ("kept", "images"):
        shutil.rmtree(media / folder)
    proposal = ProposedChange.objects.get()
    html = reviewer.get(address(proposal)).content.decode()
    assert "<img" in html
    assert "Waiting" not in html
    assert reviewer.post(address(proposal, "accept")).status_code == 302
    assert public.images.get().alt == "居民围坐"


def test_it_says_what_was_done(editor, reviewer, public):
    sent = form_of(editor, public) | {"grade": "一等奖"}
    told = editor.post(page(public), sent, follow=True).content.decode()
    assert "作为提议提交" in told
    assert "还有所缺：" not in told
    proposal = ProposedChange.objects.get()
    accepted = reviewer.post(address(proposal, "accept"), follow=True)
    assert accepted.redirect_chain[0][0] == address(proposal)
    assert "已采纳 editor 的提议" in accepted.content.decode()
    assert "成功修改" not in accepted.content.decode()


def test_it_closes_what_is_refused_or_withdrawn(editor, reviewer, public):
    before = Achievement.objects.values().get(pk=public.pk)
    proposal = propose(editor, public, title_en="Courtyard Talks")
    for language, sentence in (("", "没有权限"), ("/en", "may not do this")):
        denied = editor.post(language + address(proposal, "accept"))
        assert denied.status_code == 403
        assert sentence in denied.content.decode()
    other = signed_in(person("other", "editor"))
    assert other.post(address(proposal, "refuse")).status_code == 403
    reviewer.post(address(proposal, "refuse"), {"answer": "译名有误"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == ("refused", "译名有误")
    assert "译名有误" in editor.get(address(proposal)).content.decode()
    assert reviewer.post(address(proposal, "accept")).status_code == 302
    assert Achievement.objects.values().get(pk=public.pk) == before
    proposal = propose(editor, public, title_en="Courtyard Talks")
    html = editor.get(address(proposal)).content.decode()
    assert "撤回</button>" in html
    assert "不采纳</button>" not in html
    page = editor.post(address(proposal, "refuse"), follow=True).content.decode()
    assert "<strong>已撤回</strong>" in page
    assert not ProposedChange.objects.filter(state="open").exists()


def test_it_is_not_refused_without_a_reason(editor, reviewer, public):
    proposal = propose(editor, public, title_en="Courtyard Talks")
    told = reviewer.post(address(proposal, "refuse"), {"answer": " "}, follow=True)
    assert "不采纳，须写明理由" in told.content.decode()
    assert ProposedChange.objects.get().state == "open"


def test_the_first_page_tells_of_it(editor, reviewer, public):
    proposal = propose(editor, public, title_en="Courtyard Talks")
    link = "/admin/governance/proposedchange/?state__exact=open"
    for who in (editor, reviewer):
        assert f'<a href="{link}">1 份提议待定</a>' in who.get("/admin/").content.decode()
    assert "2015-w12 editor" in reviewer.get(link).content.decode()
    other = signed_in(person("other", "editor"))
    assert "份提议待定" not in other.get("/admin/").content.decode()
    reviewer.post(address(proposal, "refuse"), {"answer": "译名有误"})
    told = f'<a href="{address(proposal)}">您对 2015-w12 的提议：reviewer 未采纳</a> 译名有误'
    assert told in editor.get("/admin/").content.decode()
    assert "译名有误" not in reviewer.get("/admin/").content.decode()
    ProposedChange.objects.update(decided_at=proposal.at - timedelta(days=20))
    assert "译名有误" not in editor.get("/admin/").content.decode()


def test_nobody_accepts_their_own_while_another_may(editor, reviewer, public):
    proposal = propose(editor, public, title_en="Courtyard Talks")
    proposal.by.groups.add(Group.objects.get(name="reviewer"))
    assert Client().post(address(proposal, "accept")).status_code == 302
    assert editor.post(address(proposal, "accept")).status_code == 403
    assert "另一位" in editor.get(address(proposal)).content.decode()
    assert reviewer.post(address(proposal, "accept")).status_code == 302


def test_it_tells_a_coding_that_is_proposed_or_deleted(editor, reviewer, public):
    proposal = propose(editor, public, **{"codings-0-DELETE": "on"})
    html = reviewer.get(address(proposal)).content.decode()
    assert "机制标注 2015-w12 协商议事" in html
    assert "<ins>删除</ins>" in html
    assert form_of(reviewer, public)["codings-0-words"] == ["逐项商定公共事务"]
