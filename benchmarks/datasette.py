"""Datasette over the same achievements: its own environment, a database shaped as its users would."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import pairwise

from .addresses import address

REQUIREMENT = "datasette==0.65.5"
FACETS = ("year", "tier", "setting", "zone")

SCHEMA = """
CREATE TABLE achievements (
    id INTEGER PRIMARY KEY, code TEXT, year INTEGER, tier TEXT, setting TEXT, province TEXT,
    zone TEXT, region TEXT, title TEXT, organization_text TEXT, summary TEXT
);
CREATE TABLE achievement_mechanisms (
    achievement_id INTEGER REFERENCES achievements(id), mechanism TEXT,
    PRIMARY KEY (mechanism, achievement_id)
);
CREATE VIRTUAL TABLE achievements_fts USING fts5(bigrams, content='');
"""
INDEXES = "".join(
    f"CREATE INDEX achievements_{column} ON achievements ({column});"
    for column in ("year", "tier", "setting", "province", "zone")
)
ROWS = """
INSERT INTO achievements
SELECT a.id, a.code, y.year, a.tier, a.setting, p.code, p.zone, r.name, a.title,
       a.organization_text, a.summary
FROM product.governance_achievement a
JOIN product.governance_awardyear y ON y.id = a.award_year_id
JOIN product.governance_region r ON r.id = a.region_id
JOIN product.governance_region p ON p.code = substr(r.path, 1, 2) || '0000' AND p.level = 'province';
INSERT INTO achievement_mechanisms
SELECT c.achievement_id, m.slug
FROM product.governance_coding c JOIN product.governance_mechanism m ON m.id = c.mechanism_id
WHERE c.aspect = 'means';
"""
METADATA = """{"databases": {"achievements": {"tables": {"achievements": {
    "fts_table": "achievements_fts", "fts_pk": "id"}}}}}"""


def install(folder):
    """The path of a `datasette` in an environment of its own, made if it is not there."""
    home = folder / REQUIREMENT.replace("==", "-")
    program = home / "bin" / "datasette"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        pip = [home / "bin" / "python", "-m", "pip", "install", "--quiet", REQUIREMENT]
        subprocess.run(pip, check=True)
    return program


def make_database(folder, path):
    """Copy the achievements of the product's SQLite file; done again when its data were made anew."""
    if path.exists() and os.path.getmtime(path) > os.path.getmtime(folder / "data.made"):
        return
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("ATTACH ? AS product", [str(folder / "db.sqlite3")])
        connection.create_function("bigrams", 1, bigrams, deterministic=True)
        connection.executescript(ROWS + INDEXES)
        connection.execute(
            "INSERT INTO achievements_fts (rowid, bigrams)"
            " SELECT id, bigrams(title || ' ' || summary) FROM achievements"
        )
        connection.commit()
        connection.executescript("DETACH product; ANALYZE; PRAGMA journal_mode=DELETE;")
    draft.rename(path)


def bigrams(text):
    """政社互动 → "政社 社互 互动", which FTS5's own tokenizer takes for three words."""
    return " ".join(a + b for a, b in pairwise(text) if not (a + b).isspace())


def command(program, path, metadata):
    """How it is served: as an immutable file, with limits so high that every answer is whole."""
    metadata.write_text(METADATA)
    settings = {
        "sql_time_limit_ms": 120_000,
        "facet_time_limit_ms": 120_000,
        "suggest_facets": "off",
        "default_page_size": 20,
    }
    pairs = [word for name, value in settings.items() for word in ("--setting", name, str(value))]
    serve = [str(program), "serve", "--immutable", str(path), "--metadata", str(metadata)]
    return [*serve, *pairs, "--host", "127.0.0.1", "--port", "{port}"]


def paths(queries):
    """{kind: addresses} that mean what the product's `filter` and `search` mean."""

    def page(parameters):
        return address("/achievements/achievements", parameters | {"_facet": FACETS})

    return {
        "filter": [
            page({"province": query["region"], "_through": through(query["mechanism"])})
            for query in queries["filter"]
        ],
        "search": [page({"_search": phrase(query["q"])}) for query in queries["search"]],
    }


def through(mechanism):
    return json.dumps(
        {"table": "achievement_mechanisms", "column": "mechanism", "value": mechanism}
    )


def phrase(words):
    """Quoted, so that the bigrams have to follow each other."""
    return f'"{bigrams(words)}"'
