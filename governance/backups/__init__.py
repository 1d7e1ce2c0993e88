"""Backups of the whole site: one file each, made while writes go on, restored whole or not at all."""

from .archive import BackupError, Manifest
from .keeping import Kept, last_backup, prune
from .making import back_up
from .moving import move_to
from .restoring import restore_site

__all__ = [
    "BackupError",
    "Kept",
    "Manifest",
    "back_up",
    "last_backup",
    "move_to",
    "prune",
    "restore_site",
]
