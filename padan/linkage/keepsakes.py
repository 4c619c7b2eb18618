"""What a night's linkage has answered and not yet written: kept lot by lot in a file, so that a night that was stopped does not ask again.

The file belongs to a basis (release, model, program) and goes once schema `link` is written. An answer in it holds on the terms of
`link.memory`: for the record as it was, and the persons that it could not be given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from padan.home import VAULT_MODE
from padan.linkage.basis import Basis
from padan.linkage.memory import OUTCOME
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.rules import RULES
from padan.linkage.tables import TABLES
from padan.warehouse import STORAGE_VERSION, count_rows, literal

KEPT = "linkage_kept"

#: Tables of schema `link` that the file has the columns of; what only the writing of a night knows (basis, families, run) is empty.
_TABLES = ("memory", "candidate", "block_loss")
_SHOWN = ("candidate", "block_loss")

#: Candidates of a record that are kept for `why`: the best ones. One that its NIK confirms has no more than one.
CANDIDATES_KEPT = 5

_ANSWER = """
INSERT INTO {kept}.memory BY NAME SELECT record_id, content, barred, {outcome} FROM decided JOIN everyone USING (rec_no)
"""

_CANDIDATE = """
INSERT INTO {kept}.candidate BY NAME
SELECT r.record_id, w.register_id, w.rank, list_filter([{rules}], lambda x: x IS NOT NULL) AS rules, w.weight AS match_weight,
    w.probability AS match_probability, {scores}
FROM weighed w JOIN pair p ON p.rec_no = w.rec_no AND p.person_no = w.person_no JOIN record r ON r.rec_no = w.rec_no
WHERE w.rank <= {most}
"""

_BLOCK_LOSS = (
    "INSERT INTO {kept}.block_loss BY NAME SELECT r.record_id, b.* EXCLUDE (rec_no) FROM block_loss b JOIN record r USING (rec_no)"
)

_STILL_HELD = """
CREATE TABLE still_held AS SELECT a.*, e.rec_no FROM {kept}.memory a JOIN everyone e
    ON e.record_id = a.record_id AND e.content = a.content AND e.barred IS NOT DISTINCT FROM a.barred
SEMI JOIN changed USING (rec_no)
"""


@contextmanager
def keepsakes(con: duckdb.DuckDBPyConnection, folder: Path, basis: Basis, run_id: str) -> Iterator[None]:
    """Attach the file of `basis` in `folder`: what a stopped night left, or an empty one; files of another basis go.

    Views `kept_candidate` and `kept_block_loss` show it as `link.candidate` and `link.block_loss` of `run_id`. Reads nothing
    else. Where the block ends well the file goes, else it stays for the next night.
    """
    path = folder / f"{basis.digest}.duckdb"
    discard(folder, but=path)
    try:
        _open(con, path)
    except duckdb.Error:  # torn by a failing disk: nothing in it that cannot be asked again
        discard(folder)
        _open(con, path)
    for table in _SHOWN:
        con.execute(f"CREATE VIEW kept_{table} AS SELECT * REPLACE ('{run_id}' AS run_id) FROM {KEPT}.{table}")
    try:
        yield
    except BaseException:
        con.interrupt()  # the threads of a statement that a signal stopped would finish it first
        con.execute(f"DETACH {KEPT}")
        raise
    con.execute(f"DETACH {KEPT}")
    discard(folder)


def discard(folder: Path, but: Path | None = None) -> None:
    """Remove every file of answers in `folder`, the one `but` excepted."""
    for path in folder.glob("*.duckdb*"):
        if but is None or not path.name.startswith(but.name):
            path.unlink()


def _open(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    path.parent.mkdir(mode=VAULT_MODE, exist_ok=True)
    con.execute(f"ATTACH {literal(path)} AS {KEPT} (STORAGE_VERSION '{STORAGE_VERSION}')")
    for table in _TABLES:
        con.execute(f"CREATE TABLE IF NOT EXISTS {KEPT}.{table} ({TABLES[table]})")


def keep(con: duckdb.DuckDBPyConnection) -> None:
    """Keep the lot just answered, whole or not at all: answers (`decided`), what was compared (`weighed`, `pair`), blocks dropped."""
    rules = ", ".join(f"CASE WHEN p.rules & {1 << bit} <> 0 THEN '{rule.name}' END" for bit, rule in enumerate(RULES))
    scores = ", ".join(f"w.gamma_{c.name}, w.mw_{c.name}" for c in PERSON_V1.comparisons)
    con.execute("BEGIN TRANSACTION")
    try:
        con.execute(_ANSWER.format(kept=KEPT, outcome=OUTCOME))
        con.execute(_CANDIDATE.format(kept=KEPT, rules=rules, scores=scores, most=CANDIDATES_KEPT))
        con.execute(_BLOCK_LOSS.format(kept=KEPT))
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise


def take_up(con: duckdb.DuckDBPyConnection) -> int:
    """Add to `outcome` what a stopped night had answered and still holds; what does not hold is dropped. Returns how many."""
    if not count_rows(con, f"{KEPT}.memory"):
        return 0
    con.execute(_STILL_HELD.format(kept=KEPT))
    for table in _TABLES:
        con.execute(f"DELETE FROM {KEPT}.{table} WHERE record_id NOT IN (SELECT record_id FROM still_held)")
    con.execute(f"INSERT INTO outcome SELECT rec_no, {OUTCOME} FROM still_held")
    held = count_rows(con, "still_held")
    con.execute("DROP TABLE still_held")
    return held
