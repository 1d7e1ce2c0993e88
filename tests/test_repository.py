"""What the repository's own files promise: pins with hashes, line ends, words in two languages."""

import os
import re
import subprocess
import tomllib

import pytest
import yaml
from django.conf import settings

pytestmark = pytest.mark.once

ROOT = settings.BASE_DIR
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HAN, LATIN = re.compile(r"[一-鿿]"), re.compile(r"[A-Za-z]{2}")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def compiled(name):
    """{package: (version, marker, hashes)} of a requirement file; fails at a line of another form."""
    text = re.sub(r" \\\n +", " ", read(name))
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    one = r"([\w.-]+)==(\S+)(?: ; ([^#]+?))?((?: --hash=sha256:[0-9a-f]{64})+)"
    found = [re.fullmatch(one, line) for line in lines]
    assert None not in found, lines[found.index(None)]
    return {match[1]: match.groups()[1:] for match in found}


def pinned(requirements):
    """{package: version}, names as the compiled files write them; fails where one is not exact."""
    found = [re.fullmatch(r"([\w.-]+)==([\w.]+)", requirement) for requirement in requirements]
    assert None not in found, requirements[found.index(None)]
    return {re.sub(r"[-_.]+", "-", match[1]).lower(): match[2] for match in found}


def test_the_requirement_files_are_of_the_pins_of_the_project():
    runtime, development = compiled("requirements.txt"), compiled("requirements-dev.txt")
    chosen = pinned(PROJECT["project"]["dependencies"])
    tools = pinned(PROJECT["dependency-groups"]["dev"])
    for pins, file in ((chosen, runtime), (chosen | tools, development)):
        assert {name: file[name][0] for name in pins if name in file} == pins, "run `make pins`"
    assert runtime.items() <= development.items()
    assert not chosen.keys() & tools.keys()
    # A tool that is one only for the tests stays out of what the site installs.
    assert not tools.keys() & runtime.keys()


def test_what_others_wrote_has_an_environment_of_its_own():
    others = pinned(PROJECT["dependency-groups"]["peers"])
    file = compiled("requirements-peers.txt")
    assert {name: file[name][0] for name in others if name in file} == others, "run `make pins`"
    assert "django" not in file


def test_the_requirement_files_are_for_every_index():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-peers.txt"):
        assert "://" not in read(name)


def test_every_line_ends_alike():
    rules = dict(
        line.split(" ", 1) for line in read(".gitattributes").splitlines() if line[0] != "#"
    )
    assert rules["*"] == "text=auto eol=lf"
    for folder in ("fixtures", "tests/announcements"):
        assert rules[f"/{folder}/**"] == "-text"
        for path in (ROOT / folder).rglob("*.*"):
            assert b"\r" not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("locale", "is_english"),
    [
        ({}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8"}, False),
        ({"LANG": "en_GB.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": ""}, True),
    ],
)
def test_make_speaks_the_language_of_its_reader(locale, is_english):
    run = subprocess.run(
        ["make", "help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **locale},
        capture_output=True,
        check=True,
    )
    lines = run.stdout.decode().splitlines()
    assert len(lines) > 8
    for line in lines:
        assert line.startswith("make ")
        assert bool(HAN.search(line)) != is_english, line


def test_make_says_nothing_in_one_language_alone():
    makefile = read("Makefile")
    said = dict(re.findall(r"^(\w+) = \$\(call say,(.*)\)$", makefile, re.M))
    assert said.keys() == set(re.findall(r'echo "\$\((\w+)\)"', makefile))
    assert makefile.count("echo") == makefile.count('echo "$(') + makefile.count("echo $$python")
    for sentence in said.values():
        # A comma within one of the two would end it there.
        english, chinese = re.sub(r"\$\([^()]*\)", "", sentence).split(",")
        assert LATIN.search(english)
        assert not HAN.search(english)
        assert HAN.search(chinese)


def test_whoever_reports_a_mistake_is_asked_in_both_languages():
    form = yaml.safe_load(read(".github/ISSUE_TEMPLATE/mistake.yml"))
    asked = {part["id"]: part for part in form["body"] if "id" in part}
    assert list(asked) == ["code", "wrong", "right", "seen"]
    assert all(part["validations"]["required"] for part in asked.values())
    words = [form["name"], form["description"]]
    words += [part["attributes"].get("label", "") for part in asked.values()]
    words += [part["attributes"]["value"] for part in form["body"] if part["type"] == "markdown"]
    for text in words:
        assert HAN.search(text), text
        assert LATIN.search(text), text


def test_the_public_host_runs_what_we_run():
    workflow = read(".github/workflows/test.yml")
    (job,) = yaml.safe_load(workflow)["jobs"].values()
    assert job["steps"][-1]["run"] == "bash .ci/run"
    assert "make test" in read(".ci/run")
    assert "secrets" not in workflow
