"""What dbt is told about the contracts, so that a new feed joins the unions by its contract alone."""

from __future__ import annotations

from typing import Any

from schemas.code_lists import code_lists, rows
from schemas.extracts import contracts


def contract_vars() -> dict[str, Any]:
    """Vars of dbt that follow from contracts and code lists.

    `code_lists`: those keyed by `kode`; `person_feeds`: raw tables of persons; `retensi`: years that a feed may be kept, by its path.
    `conformity` has one row a column that answers to DTSEN or to a code list:
    agency, feed, kolom, dtsen, codes, kind (dtsen and codes are '' where there is none). DTSEN's own feeds are left out.
    """
    keyed = [name for name in code_lists() if next(iter(rows(name)[0])) == "kode"]
    delivered = [c for c in contracts().values() if c.feed.agency != "dtsen"]
    return {
        "code_lists": keyed,
        "retensi": {c.feed.path: c.feed.legal.retention_years for c in delivered},
        "person_feeds": [c.feed.table for c in delivered if c.feed.person],
        "conformity": [
            {
                "agency": c.feed.agency,
                "feed": c.feed.name,
                "kolom": column.name,
                "dtsen": column.dtsen or "",
                "codes": column.codes or "",
                "kind": str(column.kind),
            }
            for c in delivered
            for column in c.columns
            if column.dtsen or column.codes
        ],
    }
