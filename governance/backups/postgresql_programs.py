"""pg_dump, pg_restore and psql, of the server's release or the next one after it that is installed."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from django.db import connection
from django.utils.translation import gettext as _

from .archive import BackupError

NEEDED = ("pg_dump", "pg_restore", "psql")
# Where Debian and Red Hat keep those of several releases.
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
# The SQLSTATE, and how often it is tried again.
DEADLOCK, TRIES = b"40P01", 10

# All of the site's tables and functions, also those of a later release: within the one transaction.
EMPTY = """
SET client_min_messages = error;
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('DROP TABLE %I CASCADE', one.tablename);
    END LOOP;
    FOR one IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
        AND proname LIKE 'governance\\_%' LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', one.name);
    END LOOP;
END $$;
"""
# By their schema: pg_dump empties the search path.
AT_LAST = """
DO $$
BEGIN
    IF (SELECT digest FROM public.governance_indexstate) <> '%s' THEN
        RAISE EXCEPTION 'the digest is another one';
    END IF;
    UPDATE public.governance_indexstate SET version = %d, names_version = %d;
END $$;
"""


def of_server() -> Path:
    """The folder of the programs for the site's server. Raises BackupError with what is missing."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        (number,) = cursor.fetchone()
    return of_release(int(number) // 10000)


def of_release(server: int) -> Path:
    """The folder of the programs for a server of a release. Raises BackupError with what is missing."""
    folders = [Path(folder) for folder in os.get_exec_path()]
    for pattern in FOLDERS:
        folders += Path("/").glob(pattern.removeprefix("/"))
    found = {folder: release for folder in folders if (release := _release(folder))}
    fit = {folder: release for folder, release in found.items() if release >= server}
    if not fit:
        have = "、".join(str(release) for release in sorted(set(found.values()))) or _("没有")
        raise BackupError(
            _(
                "需要 PostgreSQL %(server)s 或更新版本的 pg_dump、pg_restore 和 psql（找到的："
                "%(have)s）；在 Debian、Ubuntu 上：apt install postgresql-client-%(server)s"
            )
            % {"server": server, "have": have}
        )
    # A later one writes settings that an earlier server may not know.
    return min(fit, key=fit.__getitem__)


def _release(folder: Path) -> int:
    """The release of the programs in a folder; 0 if one is missing."""
    if not all((folder / name).exists() for name in NEEDED):
        return 0
    said = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True)
    release = re.search(r"\) (\d+)", said.stdout)
    return int(release[1]) if release else 0


@contextmanager
def dumping(programs: Path, snapshot: str) -> Iterator[IO[bytes]]:
    """What pg_dump gives of the database, as of an exported snapshot. Raises BackupError if it fails."""
    # The archive compresses.
    command = [
        str(programs / "pg_dump"),
        "--format=custom",
        "--compress=0",
        f"--snapshot={snapshot}",
    ]
    with _said_by([*command, "--no-owner", "--no-privileges"]) as content:
        yield content


def as_sql(programs: Path, dump: Path, digest: str, version: tuple[int, int]) -> Path:
    """A file of SQL that makes of the database what was dumped. Raises BackupError.

    All that is dumped is read once for it.
    """
    path = dump.with_suffix(".sql")
    command = [str(programs / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    with path.open("wb") as target, _said_by(command) as lines:
        target.write(EMPTY.encode())
        for line in lines:
            # Of release 17 and later, which earlier servers do not know.
            if line != b"SET transaction_timeout = 0;\n":
                target.write(line)
        target.write((AT_LAST % (digest, *version)).encode())
    return path


@contextmanager
def _said_by(command: list[str]) -> Iterator[IO[bytes]]:
    """The standard output of a program, to be read to its end. Raises BackupError if it fails."""
    with (
        TemporaryFile() as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, env=_environment()
        ) as process,
    ):
        yield cast(IO[bytes], process.stdout)
        if process.wait():
            errors.seek(0)
            raise _failed(Path(command[0]).name, errors.read())


def run_sql(programs: Path, path: Path) -> None:
    """Run a file of SQL whole or not at all. Raises BackupError."""
    command = [str(programs / "psql"), "--no-psqlrc", "--quiet", "--single-transaction"]
    command += ["--set=ON_ERROR_STOP=1", "--set=VERBOSITY=verbose"]
    command += ["--output=/dev/null", f"--file={path}"]
    for _try in range(TRIES):
        run = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env=_environment()
        )
        if run.returncode == 0:
            return
        # Somebody who was writing held one table and wanted another.
        if DEADLOCK not in run.stderr:
            break
    raise _failed("psql", run.stderr)


def _environment() -> dict[str, str]:
    """The environment by which libpq finds the site's database; a password stands in no command line."""
    connection.ensure_connection()
    told = connection.connection.info.dsn_parameters
    # As `postgres://…` has them; what else there is, such as timeouts, libpq takes by no variable.
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE"}
    names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "options": "PGOPTIONS"}
    found = {name: told[key] for key, name in names.items() if told.get(key)}
    if password := connection.settings_dict["PASSWORD"]:
        found["PGPASSWORD"] = str(password)
    return os.environ | found


def _failed(program: str, said: bytes) -> BackupError:
    lines = said.decode(errors="replace").strip().splitlines()
    reason = lines[0] if lines else program
    return BackupError(_("%(program)s 失败：%(reason)s") % {"program": program, "reason": reason})
