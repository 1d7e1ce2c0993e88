"""What README and its kin say is so: paths exist, versions agree, the picture is of the models."""

import json
import re
import tomllib

import pytest
import yaml
from django.apps import apps
from django.conf import settings

import governance
from showcase.api.achievements import AchievementListApi
from showcase.query.form import fields

pytestmark = pytest.mark.once

ROOT = settings.BASE_DIR
READMES = ["README.md", "README.zh-CN.md"]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_links_to_files_that_exist(document):
    for target in re.findall(r"\]\(([^)#]+)\)", read(document)):
        if "://" not in target:
            assert (ROOT / document).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_names_files_that_exist(document):
    folders = "benchmarks|docs|fixtures|governance|locale|showcase|templates|tests"
    for path in re.findall(rf"`((?:{folders})/[^`\s]*)`", read(document)):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("room", ["index", "loading"])
def test_the_table_of_a_room_has_each_of_its_files(room):
    rows = re.findall(r"^\| (`.*?`) \|", read(f"docs/{room}.md"), re.M)
    told = sorted(name for row in rows for name in re.findall(r"`(\w+\.py)`", row))
    there = (path.name for path in (ROOT / "governance" / room).glob("*.py"))
    assert told == sorted(name for name in there if name != "__init__.py")


@pytest.mark.parametrize("document", [*READMES, "CONTRIBUTING.md"])
def test_it_names_make_targets_that_exist(document):
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.M))
    named = re.findall(r"(?:^|`)(?:\w+=\S+ )?make ([a-z]+)", read(document), re.M)
    assert named
    assert set(named) <= targets


@pytest.mark.parametrize("readme", READMES)
def test_the_picture_is_of_the_models(readme):
    diagram = re.search(r"```mermaid\n(.*?)```", read(readme), re.S)[1]
    drawn = dict(re.findall(r"^    (\w+) \{\n(.*?)^    \}", diagram, re.M | re.S))
    models = {
        model.__name__: model
        for model in apps.get_app_config("governance").get_models()
        # What is derived, loaded, was public once or otherwise, was sent, proposed or counted is no part of the record.
        if model.__module__.rpartition(".")[2]
        not in (
            *("index", "load", "change", "proposed_change"),
            *("publication", "error_report", "sign_in"),
        )
    }
    assert set(drawn) == set(models)
    for name, lines in drawn.items():
        fields = {field.name for field in models[name]._meta.get_fields()}
        assert set(re.findall(r"^ +\w+ (\w+)", lines, re.M)) <= fields
    for one, other in re.findall(r"^    (\w+) [|}]\S+ (\w+) :", diagram, re.M):
        related = {field.related_model for field in models[one]._meta.get_fields()}
        assert models[other] in related, (one, other)


@pytest.mark.parametrize("readme", READMES)
def test_it_names_every_parameter_of_the_api(readme):
    section = read(readme).split("## JSON API" if "zh" in readme else "## The JSON API")[1]
    named = set(re.findall(r"`(\w+)`", section.split("```")[0]))
    assert named == set(fields(AchievementListApi().takes()))


def pairs(answer):
    """All (key, value) in a JSON answer, however deep."""
    if isinstance(answer, dict):
        yield from ((key, value) for key, value in answer.items() if not isinstance(value, dict))
    for value in answer.values() if isinstance(answer, dict) else answer:
        if isinstance(value, (dict, list)):
            yield from pairs(value)


@pytest.mark.django_db
@pytest.mark.parametrize("readme", READMES)
def test_the_answer_that_it_shows_is_what_the_api_gives(readme, client):
    (address,) = re.findall(r"^curl 'http://[^/]+(/api/[^']*)'", read(readme), re.M)
    shown = re.search(r"```json\n(.*?)```", read(readme), re.S)[1]
    given = {
        (key, json.dumps(value, ensure_ascii=False))
        for key, value in pairs(client.get(address).json())
    }
    values = re.findall(r'"(\w+)": ("[^"]*"|\d+|null)', shown)
    # What depends on the installation.
    told = {pair for pair in values if pair[0] not in ("url", "first_published", "modified")}
    assert len(told) > 20
    assert told - given == set()


def test_both_languages_show_the_same_commands():
    english, chinese = (
        [re.sub(r"  +#.*", "", block) for block in re.findall(r"```sh\n(.*?)```", read(name), re.S)]
        for name in READMES
    )
    assert english == chinese


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    citation = yaml.safe_load(read("CITATION.cff"))
    assert project["version"] == citation["version"] == governance.__version__
    assert governance.__version__ in read("CHANGELOG.md")


def test_every_dependency_has_its_reason():
    project = tomllib.loads(read("pyproject.toml"))
    chosen = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    lines = re.findall(r"^\| ([^|]+) \|", read("docs/decisions/0002-dependencies.md"), re.M)
    reasons = {name for line in lines for name in re.split(r"[, ]+", line)}
    assert [pin for pin in chosen if pin.split("==")[0] not in reasons] == []


def test_a_decision_has_the_number_of_its_file():
    notes = sorted((ROOT / "docs/decisions").glob("*.md"))
    for number, note in enumerate(notes, 1):
        heading, _, date = note.read_text(encoding="utf-8").splitlines()[:3]
        assert note.name.startswith(f"{number:04}-")
        assert re.match(rf"# {number}\. ", heading), note.name
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", date), note.name


def test_a_decision_that_was_replaced_names_what_replaces_it():
    notes = {
        note.name: note.read_text(encoding="utf-8")
        for note in (ROOT / "docs/decisions").glob("*.md")
    }
    replaced = [
        (new, old)
        for new, text in notes.items()
        for line in re.findall(r"^Replaces .*", text, re.M)
        for old in re.findall(r"\((\d{4}-[\w-]+\.md)\)", line)
    ]
    assert len(replaced) > 15
    assert [pair for pair in replaced if f"]({pair[0]})" not in notes[pair[1]]] == []
