"""The tables of a package as a file of SQLite, of which its CSV files are read."""

import csv
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from showcase.data.exports import safe_cell

from .tables import PACKAGE_TABLES, Column, DataTable, Row

TYPES = {"text": "TEXT", "number": "INTEGER", "date": "TEXT"}
# What people ask of the tables first.
VIEWS = {
    "coded_achievements": """
        SELECT a.code, a.year, a.tier, a.title, a.region_province AS province, a.zone,
            m.slug AS mechanism, m.name AS mechanism_name, m.field, c.weight, c.aspect
        FROM codings c JOIN achievements a USING (code) JOIN mechanisms m ON m.slug = c.mechanism""",
    "achievement_organizations": """
        SELECT a.code, a.year, a.tier, a.title, l.position, o.slug AS organization, o.name, o.kind,
            o.level
        FROM links l JOIN achievements a USING (code) JOIN organizations o ON o.slug = l.organization""",
    "mechanism_counts": """
        SELECT m.slug AS mechanism, m.name, m.field, count(c.code) FILTER (WHERE c.aspect = 'means')
            AS means, count(c.code) FILTER (WHERE c.aspect = 'goal') AS goals,
            count(c.code) FILTER (WHERE c.aspect = 'effect') AS effects
        FROM mechanisms m LEFT JOIN codings c ON c.mechanism = m.slug GROUP BY m.slug""",
    "evidence_words": """
        SELECT e.code, a.title, m.name AS mechanism_name, c.weight, c.aspect, e.text, e.english_text
        FROM evidence e JOIN achievements a USING (code) JOIN codings c USING (code, mechanism)
            JOIN mechanisms m ON m.slug = e.mechanism""",
}


@contextmanager
def new_database(path: Path) -> Iterator[sqlite3.Connection]:
    """A new file with the tables, whole at the end of the block: the same rows give the same bytes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        # Nobody else reads it before it is whole, and one that is not is thrown away.
        made.execute("PRAGMA journal_mode=OFF")
        made.execute("PRAGMA synchronous=OFF")
        made.execute("PRAGMA temp_store=MEMORY")
        for table in PACKAGE_TABLES:
            made.execute(_created(table))
        made.execute("BEGIN")
        yield made
        made.execute("COMMIT")
        for name, query in VIEWS.items():
            made.execute(f"CREATE VIEW {name} AS{query}")
        if wrong := made.execute("PRAGMA foreign_key_check").fetchall():
            raise sqlite3.IntegrityError(f"foreign keys: {wrong[:5]}")
        made.execute("VACUUM")


def _created(table: DataTable) -> str:
    lines = [
        f'"{column.name}" {TYPES[column.field.type]}{_rules(column)}' for column in table.columns
    ]
    lines.append(f"PRIMARY KEY ({_quoted(table.key)})")
    for columns, other in table.refers:
        lines.append(f"FOREIGN KEY ({_quoted(columns)}) REFERENCES {other}")
    return f"CREATE TABLE {table.name} ({', '.join(lines)})"


def _rules(column: Column) -> str:
    name, field = f'"{column.name}"', column.field
    rule = "" if field.missing else " NOT NULL"
    if field.choices:
        values = ", ".join(f"'{value}'" for value in field.choices.values)
        rule += f" CHECK ({name} IN ({values}))"
    elif field.type == "number":
        rule += f" CHECK (typeof({name}) IN ('integer', 'null'))"
    elif field.type == "date":
        rule += f" CHECK ({name} IS date({name}))"
    return rule


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def insert(made: sqlite3.Connection, rows: Iterable[tuple[DataTable, Row]]) -> None:
    """Rows, each with its table; what several entries give, such as a region, is kept once."""
    for table, row in rows:
        places = ", ".join("?" * len(table.columns))
        # Not OR IGNORE, which would also pass over a value that a rule refuses.
        made.execute(
            f"INSERT INTO {table.name} VALUES ({places}) ON CONFLICT DO NOTHING",  # noqa: S608  # names are those of tables.py; values are parameters
            [row[column.name] for column in table.columns],
        )


def write_csv(made: sqlite3.Connection, table: DataTable, path: Path) -> None:
    """A table as CSV (RFC 4180) in the order of its rows."""
    names = [column.name for column in table.columns]
    rows = made.execute(f"SELECT {_quoted(names)} FROM {table.name} ORDER BY rowid")  # noqa: S608  # names are those of tables.py
    # The mark at the beginning is how Excel knows that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([safe_cell(cell) for cell in row] for row in rows)
