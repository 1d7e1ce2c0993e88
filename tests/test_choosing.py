"""What a person chose is applied to a proposal's fixture objects."""

import pytest

from governance.intake import chosen

from .helpers.years import each

pytestmark = pytest.mark.once

REGION = {"code": "320585110", "valid_from": 1999, "name": "沙溪镇"}


def candidate(region, *organizations):
    return {
        "region": region,
        "code": region.split(":")[0],
        "path": "…",
        "organizations": list(organizations),
    }


def span(field, start, text):
    known = {"field": field, "start": start, "end": start + len(text), "text": text}
    return known | {"because": text, "shown": 0, "seen": 0}


def entry(code, *candidates, recorded=None, suggestions=()):
    return {
        "code": code,
        "paragraphs": [3],
        "candidates": list(candidates),
        "recorded": recorded,
        "leftovers": [],
        "suggestions": list(suggestions),
    }


SUGGESTION = {
    "mechanism": "deliberation",
    "name": "协商议事",
    "coded": False,
    "spans": [span("title", 6, "议事"), span("summary", 0, "社区协商")],
}
ACCEPTED = {"weight": "primary", "aspect": "means", "coder": "李敏", "coded_on": "2026-11-23"}


@pytest.fixture
def proposal():
    """One entry of a new township, one that may lie in two places, with the bodies of both."""
    return {
        "objects": [
            each("region", **REGION),
            each("organization", name="沙溪镇人民政府", region=["320585110", 1999]),
            each("organization", name="南京市鼓楼区人民政府", region=["320106", 1999]),
            each("organization", name="徐州市鼓楼区人民政府", region=["320302", 1999]),
            each("awardyear", year=2016, name="十大创新成果", text="公告"),
            each(
                "achievement", code="2016-w01", title="“院落夜话”议事", region=["320585110", 1999]
            ),
            each("achievement", code="2016-w02", title="“楼门自治”", region=None),
            each(
                "achievementorganization", achievement=["2016-w01"], organization=["旧"], position=1
            ),
        ],
        "entries": [
            entry(
                "2016-w01",
                candidate("320585110:1999", "沙溪镇人民政府"),
                suggestions=[SUGGESTION],
            ),
            entry(
                "2016-w02",
                candidate("320106:1999", "南京市鼓楼区人民政府"),
                candidate("320302:1999", "徐州市鼓楼区人民政府"),
            ),
        ],
    }


def choices(**entries):
    return {"award": {}, "entries": {f"2016-{code}": choice for code, choice in entries.items()}}


def fields(objects, model):
    return [one["fields"] for one in objects if one["model"] == f"governance.{model}"]


def names(objects):
    return [one["name"] for one in fields(objects, "organization")]


def links(objects):
    return [
        (one["achievement"][0], one["organization"][0], one["position"])
        for one in fields(objects, "achievementorganization")
    ]


def test_it_takes_one_candidate_and_of_several_none(proposal):
    objects = chosen(proposal, None)
    first, second = fields(objects, "achievement")
    assert first["region"] == ["320585110", 1999]
    assert "region" not in second
    assert links(objects) == [("2016-w01", "沙溪镇人民政府", 1)]
    assert names(objects) == ["沙溪镇人民政府"]
    assert fields(objects, "coding") == []


def test_it_takes_the_candidate_that_was_chosen(proposal):
    objects = chosen(proposal, choices(w02={"region": "320302:1999"}))
    assert fields(objects, "achievement")[1]["region"] == ["320302", 1999]
    assert names(objects) == ["沙溪镇人民政府", "徐州市鼓楼区人民政府"]
    assert links(objects)[1] == ("2016-w02", "徐州市鼓楼区人民政府", 1)


def test_it_takes_what_the_record_has_unless_somebody_chose(proposal):
    proposal["entries"][1]["recorded"] = "320106:1999"
    assert fields(chosen(proposal, None), "achievement")[1]["region"] == ["320106", 1999]
    none = chosen(proposal, choices(w02={"region": ""}))
    assert "region" not in fields(none, "achievement")[1]
    assert names(none) == ["沙溪镇人民政府"]


def test_it_keeps_the_bodies_of_the_text_beside_a_region_that_is_no_candidate(proposal):
    objects = chosen(proposal, choices(w01={"region": "320585:1999"}))
    assert fields(objects, "achievement")[0]["region"] == ["320585", 1999]
    assert links(objects) == [("2016-w01", "沙溪镇人民政府", 1)]


def test_it_names_no_bodies_that_depend_on_the_region(proposal):
    objects = chosen(proposal, choices(w02={"region": "320585:1999"}))
    assert links(objects) == [("2016-w01", "沙溪镇人民政府", 1)]


def test_it_leaves_out_organizations_that_were_unticked(proposal):
    proposal["entries"][0]["candidates"][0]["organizations"].append("南京市鼓楼区人民政府")
    objects = chosen(proposal, choices(w01={"without": ["沙溪镇人民政府"]}))
    assert links(objects) == [("2016-w01", "南京市鼓楼区人民政府", 1)]
    assert names(objects) == ["南京市鼓楼区人民政府"]


def test_it_credits_nobody_while_the_region_is_open(proposal):
    for one in proposal["entries"][1]["candidates"]:
        one["organizations"] = ["南京市鼓楼区人民政府"]
    assert links(chosen(proposal, None)) == [("2016-w01", "沙溪镇人民政府", 1)]
    # Whichever region it is, those are its bodies.
    objects = chosen(proposal, choices(w02={"region": "320585:1999"}))
    assert links(objects)[1] == ("2016-w02", "南京市鼓楼区人民政府", 1)


def test_it_makes_a_coding_of_an_accepted_mechanism(proposal):
    objects = chosen(proposal, choices(w01={"mechanisms": {"deliberation": ACCEPTED}}))
    assert fields(objects, "coding") == [
        {"achievement": ["2016-w01"], "mechanism": ["deliberation"], **ACCEPTED}
    ]
    key = ["2016-w01", "deliberation"]
    assert fields(objects, "evidence") == [
        {"coding": key, "field": "title", "start": 6, "end": 8, "text": "议事"},
        {"coding": key, "field": "summary", "start": 0, "end": 4, "text": "社区协商"},
    ]


def test_it_leaves_out_evidence_that_was_unticked(proposal):
    accepted = ACCEPTED | {"left_out": ["title:6"]}
    objects = chosen(proposal, choices(w01={"mechanisms": {"deliberation": accepted}}))
    assert [one["text"] for one in fields(objects, "evidence")] == ["社区协商"]
    assert "left_out" not in fields(objects, "coding")[0]


def test_it_says_earlier_codings_again_beside_new_ones(proposal):
    earlier = each("coding", achievement=["2016-w01"], mechanism=["self-governance"])
    coded = {"2016-w01": [earlier]}
    accepted = choices(w01={"mechanisms": {"deliberation": ACCEPTED}})
    slugs = [one["mechanism"][0] for one in fields(chosen(proposal, accepted, coded), "coding")]
    assert slugs == ["self-governance", "deliberation"]
    assert fields(chosen(proposal, None, coded), "coding") == []


def test_it_takes_the_facts_of_the_award(proposal):
    facts = {"award": {"issuer": "中国社区发展协会", "name": "创新成果"}, "entries": {}}
    (year,) = fields(chosen(proposal, facts), "awardyear")
    assert (year["issuer"], year["name"], year["text"]) == ("中国社区发展协会", "创新成果", "公告")
    assert fields(chosen(proposal, None), "awardyear")[0]["name"] == "十大创新成果"


def test_it_changes_nothing_of_the_proposal(proposal):
    before = repr(proposal)
    chosen(proposal, choices(w02={"region": "320302:1999"}))
    assert repr(proposal) == before
