from contextlib import ExitStack
from pathlib import Path

import pytest

from .helpers import postgres


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres:///name", "postgres:///postgres"),
        ("postgres://u:p@host:5433/name", "postgres://u:p@host:5433/postgres"),
        ("postgres://u@/name?host=/tmp/pg-1", "postgres://u@/postgres?host=/tmp/pg-1"),
    ],
)
def test_it_asks_the_same_server_by_a_database_that_is_always_there(url, expected):
    assert postgres.maintenance(url) == expected


def test_it_fails_when_the_named_server_cannot_be_had(monkeypatch):
    monkeypatch.setattr(postgres.signal, "signal", lambda number, handler: None)
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@127.0.0.1:1/name")
    with pytest.raises(SystemExit, match=r"none could be had: .*port 1 failed"):
        postgres.main(["true"])


def test_it_gives_every_reason_when_there_is_no_server(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("PGHOST", str(tmp_path))
    monkeypatch.setattr(postgres, "program_folders", lambda: [Path("/nonexistent/bin")])
    with ExitStack() as stack, pytest.raises(postgres.Unavailable) as reasons:
        postgres.find(stack)
    assert "no running server lets us in" in str(reasons.value)
    assert "/nonexistent/bin could not be used" in str(reasons.value)


def test_it_knows_the_programs_of_the_wheel():
    assert (postgres.WHEEL / "initdb").exists()
    assert postgres.WHEEL in postgres.program_folders()
