"""The triggers of `governance.index.triggers`, for migrations.

SQLite makes a table anew to alter it, which drops its triggers, and alters no table that a trigger
names. So a migration that alters `achievement` or `indexstate` begins with DROP and ends with
CREATE: `operations = [_triggers.DROP, AlterField(…), _triggers.CREATE]`. A test says so if it does not.
On a new database 0012 already makes them as they are now, with the column that 0013 brings: neither
database looks for it before one of them fires.
"""

from django.db import migrations

from governance.index import triggers


def create(apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


CREATE = migrations.RunPython(create, drop)
DROP = migrations.RunPython(drop, create)
