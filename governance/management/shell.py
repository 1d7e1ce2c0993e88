"""What commands that load have in common: a progress bar, and errors in the terminal's words."""

from contextlib import contextmanager

from django.core.management import CommandError
from django.db import DatabaseError, InterfaceError
from tqdm import tqdm

from governance.loading import Invalid, LoadError, fault


@contextmanager
def progress_bar():
    """A callable for `progress`; it draws on stderr, and only if that is a terminal."""
    with tqdm(disable=None, unit="", leave=False, bar_format="{desc} {n_fmt} {elapsed}") as bar:

        def progress(words, done, total):
            bar.set_description_str(words, refresh=False)
            bar.n = done
            bar.refresh()

        yield progress


@contextmanager
def failures(command, *, as_json=False):
    """Ends the command with what LoadError says; problems are printed before, all of them."""
    try:
        yield
    except Invalid as error:
        for problem in () if as_json else error.problems:
            command.stderr.write(str(problem))
        raise CommandError(error) from error
    except LoadError as error:
        raise CommandError(error) from error
    except (DatabaseError, InterfaceError) as error:
        raise CommandError(fault(error)) from error
