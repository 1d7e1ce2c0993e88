"""What commands have in common: a progress bar, errors in the terminal's words, files written whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _
from tqdm import tqdm

from governance.backups import BackupError
from governance.loading import Invalid, LoadError, Progress, fault


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A callable for `progress`; it draws on stderr, and only if that is a terminal."""
    with tqdm(disable=None, unit="", leave=False, bar_format="{desc} {n_fmt} {elapsed}") as bar:

        def progress(words: str, done: int, total: int | None) -> None:
            bar.set_description_str(words, refresh=False)
            bar.n = done
            bar.refresh()

        yield progress


@contextmanager
def command_errors(command: BaseCommand, *, as_json: bool = False) -> Iterator[None]:
    """Ends the command with what LoadError or BackupError says; problems are printed before, all of them."""
    try:
        yield
    except Invalid as error:
        for problem in () if as_json else error.problems:
            command.stderr.write(str(problem))
        raise CommandError(error) from error
    except (LoadError, BackupError) as error:
        raise CommandError(error) from error
    except (DatabaseError, InterfaceError) as error:
        raise CommandError(fault(error)) from error


def write_whole(text: str, path: Path) -> None:
    """Write a file whole or not at all: an older one stays if the disk is full."""
    try:
        # Beside it, and moved when it is complete.
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as draft:
            try:
                draft.write(text.encode())
                draft.flush()
                os.fchmod(draft.fileno(), 0o644)
                Path(draft.name).replace(path)
            except OSError:
                Path(draft.name).unlink()
                raise
    except OSError as error:
        raise CommandError(
            _("写不了文件 %(file)s：%(reason)s") % {"file": path, "reason": error.strerror}
        ) from error
