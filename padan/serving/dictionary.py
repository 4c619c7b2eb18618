"""`dictionary.html` beside each served file: every table and column as the file's own comments say, with the delivered column names.

It opens without a network. Belongs here: the page. Does not belong here: what a column means (schemas.sharing, the code lists).
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from padan.serving.build import FILE
from schemas.extracts import contracts
from schemas.sharing import Audience

PAGE = "dictionary.html"
_TABLES = """
SELECT schema_name || '.' || table_name, comment, estimated_size FROM duckdb_tables() WHERE NOT internal
ORDER BY list_position(['marts', 'quality', 'codes'], schema_name), table_name"""
_COLUMNS = """
SELECT schema_name || '.' || table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal
ORDER BY schema_name, table_name, column_index"""
_MACROS = """
SELECT DISTINCT schema_name || '.' || function_name || '(' || array_to_string(parameters, ', ') || ')', comment FROM duckdb_functions()
WHERE function_type = 'table_macro' AND schema_name = 'marts' AND comment IS NOT NULL ORDER BY 1"""
#: A column's comment ends with whose it is, in brackets.
_OWNED = re.compile(r"^(.*?)(?: \[(\w+)\])?$", re.DOTALL)


def write_dictionary(folder: Path, audience: Audience, about: dict[str, str | None]) -> Path:
    """Write the page from the finished file in `folder`; nothing is in it that the file does not say of itself."""
    from jinja2 import Environment, StrictUndefined

    with duckdb.connect(str(folder / FILE), read_only=True) as con:
        tables = _tables(con, _delivered(audience.name))
        macros = con.execute(_MACROS).fetchall()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((files("padan.serving") / "dictionary.html.j2").read_text())
    page = folder / PAGE
    page.write_text(template.render(audience=audience.name, title=audience.title, tables=tables, macros=macros, **about))
    return page


def _tables(con: duckdb.DuckDBPyConnection, delivered: dict[str, str]) -> list[dict[str, Any]]:
    columns: dict[str, list[dict[str, str]]] = {}
    for table, name, kind, comment in con.execute(_COLUMNS).fetchall():
        told = _OWNED.match(comment or "")
        about, owner = (told[1], told[2] or "") if told else ("", "")
        own = delivered.get(name, "") if owner not in {"", "padan"} else ""
        columns.setdefault(table, []).append({"name": name, "type": kind, "about": about, "owner": owner, "delivered": own})
    return [
        {"name": name, "about": comment or "", "rows": f"{size:,}".replace(",", "."), "columns": columns[name]}
        for name, comment, size in con.execute(_TABLES).fetchall()
    ]


def _delivered(agency: str) -> dict[str, str]:
    """Standard column → the names under which the agency itself delivers it, by feed; of other agencies none is told."""
    found: dict[str, list[str]] = {}
    for contract in contracts().values():
        if contract.feed.agency == agency:
            for column in contract.columns:
                found.setdefault(column.name, []).append(f"{contract.feed.name}: {column.delivered}")
    return {name: "; ".join(sorted(places)) for name, places in found.items()}
