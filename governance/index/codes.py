"""Codes and years as words: an entry is found by its code and its year, and by the code of its region."""

import re

from governance.facet_table import tree_key
from governance.models.region import path_of, region_code

from .text import fold

# 2015-w01, ywf-2023-n104 and what they end with, as folding leaves them.
ENTRY_CODE = re.compile("(?:[a-z0-9]+ )*[a-z][0-9]{2,}")
# 2015, 2015年, 2015年度, 二〇一五年.
YEAR = re.compile("([0-9]{4})(年度?)?")
FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")
# GB/T 2260, of townships, of villages and of functional areas.
REGION_CODE = re.compile("(?:[0-9]{6}|[0-9]{9}|[0-9]{12})|[0-9]{6} fa[0-9]{2}")


def entry_keys(code: str) -> set[str]:
    """The keys that find an entry by its code, whole or without its year: 2015-w01, w01."""
    return {f"/code/{fold(one)}" for one in (code, code.rpartition("-")[2])}


def entry_code(term: str) -> str:
    """What may be an entry's code, folded, of a folded term; "" of anything else: 2015w01 → 2015 w01."""
    code = re.sub("^[0-9]{4}(?=[a-z])", r"\g<0> ", term)
    return code if ENTRY_CODE.fullmatch(code) else ""


def coded_keys(term: str) -> set[str]:
    """The keys of the entries of which a folded term may be the code or the year, or their region's code.

    Of a region every code counts that `region_code` knows, and what lies within it.
    """
    keys = {f"/code/{code}"} if (code := entry_code(term)) else set()
    if year := year_of(term):
        keys.add(f"/year/{year}")
    if REGION_CODE.fullmatch(term):
        keys.add(tree_key("region", path_of(written_code(term))))
    return keys


def year_of(term: str) -> str:
    """2015 of the folded terms 2015, 2015年 and 二〇一五年度; "" of anything else."""
    year = YEAR.fullmatch(term.translate(FIGURES))
    return year[1] if year else ""


def is_year(term: str) -> bool:
    """Whether a folded term is a year that says so: 2015年."""
    return "年" in term and bool(year_of(term))


def written_code(term: str) -> str:
    """A folded region's code as the record has it: 440300 fa01 → 440300-FA01."""
    return region_code(term.upper().replace(" ", "-"))
