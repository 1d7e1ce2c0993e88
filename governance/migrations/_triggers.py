"""The triggers by which what is unpublished, or deleted, behind the index vanishes from kept answers.

They move both versions of the index, and only where an achievement changes from or to published or
a published one is deleted: it may have been the only one that made an organization public.

SQLite makes a table anew to alter it, which drops its triggers, and alters no table that a trigger
names. So a migration that alters `achievement` or `indexstate` begins with DROP and ends with
CREATE: `operations = [_triggers.DROP, AlterField(…), _triggers.CREATE]`. A test says so if it does not.
On a new database 0012 already makes them as they are now, with the column that 0013 brings: neither
database looks for it before one of them fires.
"""

from django.db import migrations

# As `secrets.randbits(62)`: never a number that a worker has seen with other content.
SQLITE = {
    "governance_achievement_published": """
        CREATE TRIGGER governance_achievement_published
        AFTER UPDATE OF status ON governance_achievement
        WHEN (OLD.status = 'published') <> (NEW.status = 'published')
        BEGIN
            UPDATE governance_indexstate
            SET version = random() & 4611686018427387903,
                names_version = random() & 4611686018427387903;
        END
    """,
    "governance_achievement_deleted": """
        CREATE TRIGGER governance_achievement_deleted
        AFTER DELETE ON governance_achievement
        WHEN OLD.status = 'published'
        BEGIN
            UPDATE governance_indexstate
            SET version = random() & 4611686018427387903,
                names_version = random() & 4611686018427387903;
        END
    """,
}
# Once a statement, however many rows it changes: that many changes of one row would be quadratic.
POSTGRESQL = """
    CREATE FUNCTION governance_achievement_published() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM was FULL JOIN became USING (id)
            WHERE (was.status = 'published') IS DISTINCT FROM (became.status = 'published')
        ) THEN
            UPDATE governance_indexstate
            SET version = floor(random() * 4611686018427387904)::bigint,
                names_version = floor(random() * 4611686018427387904)::bigint;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER governance_achievement_published
    AFTER UPDATE ON governance_achievement
    REFERENCING OLD TABLE AS was NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION governance_achievement_published();

    CREATE FUNCTION governance_achievement_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM was WHERE status = 'published') THEN
            UPDATE governance_indexstate
            SET version = floor(random() * 4611686018427387904)::bigint,
                names_version = floor(random() * 4611686018427387904)::bigint;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER governance_achievement_deleted
    AFTER DELETE ON governance_achievement
    REFERENCING OLD TABLE AS was
    FOR EACH STATEMENT EXECUTE FUNCTION governance_achievement_deleted();
"""


def create(apps, schema_editor):
    statements = SQLITE.values() if schema_editor.connection.vendor == "sqlite" else [POSTGRESQL]
    for statement in statements:
        schema_editor.execute(statement, None)


def drop(apps, schema_editor):
    for name in SQLITE:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        else:
            # The trigger goes with its function.
            schema_editor.execute(f"DROP FUNCTION {name} CASCADE")


CREATE = migrations.RunPython(create, drop)
DROP = migrations.RunPython(drop, create)
