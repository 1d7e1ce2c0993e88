"""What every command of ours is built on."""

from django.core import management


class BaseCommand(management.BaseCommand):
    """Hands argparse plain words for `help`: it makes its columns of str, which a lazy text is not."""

    def create_parser(self, *args, **kwargs):
        self.help = str(self.help)
        return super().create_parser(*args, **kwargs)
