"""The triggers by which what is unpublished, or deleted, behind the index vanishes from kept answers.

They move both versions of the index, and only where an achievement changes from or to published or
a published one is deleted: it may have been the only one that made an organization public.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

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


def create(connection: BaseDatabaseWrapper) -> None:
    """Make them all; none may be there."""
    statements = SQLITE.values() if connection.vendor == "sqlite" else [POSTGRESQL]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take away those that are there."""
    with connection.cursor() as cursor:
        for name in SQLITE:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                # The trigger goes with its function.
                cursor.execute(f"DROP FUNCTION IF EXISTS {name} CASCADE")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of those that are not there, or switched off."""
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    )
    with connection.cursor() as cursor:
        cursor.execute(names)
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in SQLITE if name not in there]
