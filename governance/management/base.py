"""What every command of ours is built on."""

from typing import Any

from django.core import management


class BaseCommand(management.BaseCommand):
    """Hands argparse plain words for `help`: it makes its columns of str, which a lazy text is not."""

    # Django says str, and so it is once the parser is made.
    help: Any

    def create_parser(self, *args: Any, **kwargs: Any) -> management.CommandParser:
        self.help = str(self.help)
        return super().create_parser(*args, **kwargs)
