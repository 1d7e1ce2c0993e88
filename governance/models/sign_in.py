"""What is kept of signing in, which is no part of the record."""

from django.db import models


class WrongTries(models.Model):
    """How often in a row signing in failed for one `key`, and when it was last tried."""

    # A keyed hash: people type passwords into the field for their name.
    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        # Nobody edits it.
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
