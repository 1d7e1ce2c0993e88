"""`manage.py <command> --help`, of every command of ours and in both languages."""

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.utils import translation

pytestmark = pytest.mark.once

OURS = sorted(name for name, app in get_commands().items() if app in ("governance", "showcase"))


def help_of(name, language):
    with translation.override(language):
        return (
            load_command_class(get_commands()[name], name)
            .create_parser("manage.py", name)
            .format_help()
        )


def test_it_finds_the_commands():
    files = settings.BASE_DIR.glob("*/management/commands/[a-z]*.py")
    assert {path.stem for path in files} == set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_it_helps_in_both_languages(name):
    chinese, english = help_of(name, "zh-hans"), help_of(name, "en")
    assert "usage: manage.py " + name in chinese
    assert chinese != english
