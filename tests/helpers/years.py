"""A small award year that the project has never seen, as fixture objects, and ways to load it."""

import copy
import json

from django.apps import apps

from governance import index, loading
from governance.models import Award, AwardYear, Change, Load, Publication
from governance.readable_yaml import dump

TEXT = """2016年度中国社区治理十大创新成果揭晓
一、十大创新成果
1. “院落夜话”议事项目（江苏省太仓市人民政府）
居民晚饭后在院落里围坐夜话，逐项商定公共事务。
2. 街坊“百事堂”（太仓市人民政府）
百事堂由居民轮值，收集民意、化解纠纷。
"""
TITLE, SUMMARY = "“院落夜话”议事项目", "居民晚饭后在院落里围坐夜话，逐项商定公共事务。"
TITLE_2, SUMMARY_2 = "街坊“百事堂”", "百事堂由居民轮值，收集民意、化解纠纷。"
WORDS = "逐项商定公共事务"
ORGANIZATION = "太仓市人民政府"


def each(model, **fields):
    return {"model": f"governance.{model}", "fields": fields}


def award_year(year, prefix="", **fields):
    """The award year of the award with this prefix, made with these fields if it is not there."""
    named = {"slug": prefix or "first", "name": "奖"}
    award = Award.objects.get_or_create(prefix=prefix, defaults=named)[0]
    defaults = {
        "code": award.year_code(year),
        "name": "奖",
        "document_title": "公告",
        "text": "公告",
        **fields,
    }
    return AwardYear.objects.get_or_create(award=award, year=year, defaults=defaults)[0]


def year():
    """The objects of the year: an organization, two entries, a coding with evidence on the first."""
    return [
        each(
            "organization",
            name="太仓市民政局",
            short_name="太仓市民政局",
            slug="taicang-civil-affairs",
            kind="department",
            level="county",
            region=["320585", 1999],
        ),
        each(
            "awardyear",
            year=2016,
            name="中国社区治理十大创新成果",
            document_title="2016年度中国社区治理十大创新成果揭晓",
            text=TEXT,
        ),
        entry("2016-w01", 1, TITLE, SUMMARY),
        each(
            "achievementorganization",
            achievement=["2016-w01"],
            organization=["太仓市民政局"],
            position=1,
        ),
        coding("deliberation"),
        evidence("deliberation", WORDS),
        coding("self-governance", weight="secondary"),
        entry("2016-w02", 2, TITLE_2, SUMMARY_2),
    ]


def entry(code, rank, title, summary, **fields):
    return each(
        "achievement",
        code=code,
        award_year=[2016],
        tier="winner",
        rank=rank,
        title=title,
        title_offset=TEXT.index(title) if title in TEXT else None,
        summary=summary,
        summary_offset=TEXT.index(summary) if summary in TEXT else None,
        region=["320585", 1999],
        **fields,
    )


def coding(mechanism, weight="primary"):
    return each("coding", achievement=["2016-w01"], mechanism=[mechanism], weight=weight)


def evidence(mechanism, words, text=SUMMARY):
    start = text.index(words)
    return each(
        "evidence",
        coding=["2016-w01", mechanism],
        field="summary",
        start=start,
        end=start + len(words),
        text=words,
    )


def changed(objects, model, key=None, **fields):
    """A copy of the objects in which those of a model (and of a key: field values) say `fields`."""
    objects = copy.deepcopy(objects)
    for one in objects:
        if one["model"] == f"governance.{model}" and (key or {}).items() <= one["fields"].items():
            one["fields"] |= fields
    return objects


def without(objects, model, **key):
    """The objects but those of a model with these field values."""
    return [
        one
        for one in objects
        if one["model"] != f"governance.{model}" or not key.items() <= one["fields"].items()
    ]


def source(objects, name="2016.yaml"):
    text = json.dumps(objects) if name.endswith(".json") else dump(objects)
    return loading.FixtureFile(name, text.encode())


def load(objects, name="2016.yaml", **options):
    """The LoadReport of loading these objects from a file."""
    (report,) = loading.load([source(objects, name)], **options)
    return report


def problems(objects, name="2016.yaml"):
    """What a refused load says, as sentences."""
    try:
        load(objects, name)
    except loading.Invalid as error:
        return [str(problem) for problem in error.problems]
    raise AssertionError("The load was not refused.")


def edit(row, **values):
    """Save other values of a row of the record, and bring the index to them, as the admin does."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    index.update(index.touched_by(row), named=index.is_named(row))


def record(counted=""):
    """All rows of the record as plain values, by model, those of one model only `counted`; without the
    index, loads, changes and what the public was given for good."""
    hidden = {"governance.models.index", *(one.__module__ for one in (Change, Load, Publication))}
    models = apps.get_app_config("governance").get_models()
    rows = {
        model.__name__: model.objects.order_by("pk").values()
        for model in models
        if model.__module__ not in hidden
    }
    return {name: each.count() if name == counted else list(each) for name, each in rows.items()}
