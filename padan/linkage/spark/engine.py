"""The two costly steps of linkage on Spark, to be put in the place of DuckDB's: looking keys up, and scoring pairs.

Everything else (reading records, naming keys, the NIK pass, the persons of a pair, decisions) is the night's own code in
DuckDB, so that the decision is the same one and not a second one like it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from padan.linkage.engine import Engine
from padan.linkage.spark.candidates import export_postings, look_up
from padan.linkage.spark.scoring import score_pairs_on_spark
from padan.linkage.spark.session import session
from padan.register.release import Release

#: Beside a release's index.
POSTINGS = "spark"


@contextmanager
def spark_engine(release: Release, master: str, tmp: Path) -> Iterator[Engine]:
    """An engine on `master` for a release, whose posting lists are exported beside it at the first use.

    `tmp`: where tables are exchanged; on a cluster a folder of storage that every executor sees, as the release's must be.
    """
    postings = release.path.parent / POSTINGS
    with TemporaryDirectory(dir=tmp, prefix="spark-") as folder, session(master, Path(folder)) as spark:
        scratch = Path(folder)

        def search(con: duckdb.DuckDBPyConnection, bits: Iterable[int], block_cap: int) -> None:
            export_postings(con, postings)
            look_up(con, spark, postings, scratch, bits, block_cap)

        yield Engine(look_up=search, score=partial(score_pairs_on_spark, spark, scratch))
