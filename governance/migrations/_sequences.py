"""On SQLite a table that is made anew to alter it forgets which primary keys it has given.

A row would then get the key of one that was removed, which undoing a load could no longer bring back.
So a migration that alters tables of the record on SQLite begins with KEEP and ends with RESTORE.
"""

from django.db import migrations

KEPT = ["CREATE TEMP TABLE kept_sequence AS SELECT name, seq FROM sqlite_sequence"]
RESTORED = [
    "DELETE FROM sqlite_sequence WHERE name IN (SELECT name FROM kept_sequence)",
    "INSERT INTO sqlite_sequence (name, seq) SELECT name, seq FROM kept_sequence",
    "DROP TABLE kept_sequence",
]


def keep(apps, schema_editor):
    execute(schema_editor, KEPT)


def restore(apps, schema_editor):
    execute(schema_editor, RESTORED)


def execute(schema_editor, statements):
    if schema_editor.connection.vendor == "sqlite":
        for statement in statements:
            schema_editor.execute(statement)


KEEP = migrations.RunPython(keep, restore)
RESTORE = migrations.RunPython(restore, keep)
