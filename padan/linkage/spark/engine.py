"""The two costly steps of linkage on Spark, to be put in the place of DuckDB's: looking keys up, and scoring pairs.

Everything else (reading records, naming keys, the NIK pass, the persons of a pair, decisions) is the night's own code in
DuckDB, so that the decision is the same one and not a second one like it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from padan.linkage.engine import Engine
from padan.linkage.spark.candidates import export_postings, look_up
from padan.linkage.spark.scoring import score_pairs_on_spark
from padan.linkage.spark.session import session
from padan.register.release import Release


@dataclass(frozen=True)
class Cluster:
    """Spark at work for one release: its session, the folder where tables are exchanged, the release's posting lists."""

    spark: Any
    scratch: Path
    postings: Path

    @property
    def engine(self) -> Engine:
        """The two steps on this cluster."""
        return Engine(look_up=self._look_up, score=partial(score_pairs_on_spark, self.spark, self.scratch))

    def _look_up(self, con: duckdb.DuckDBPyConnection, bits: Iterable[int], block_cap: int) -> None:
        export_postings(con, self.postings)
        look_up(con, self.spark, self.postings, self.scratch, bits, block_cap)


@contextmanager
def cluster(release: Release, master: str, tmp: Path) -> Iterator[Cluster]:
    """Spark on `master` for a release, whose posting lists are exported beside it at the first use.

    `tmp`: where tables are exchanged; with a real cluster on storage that every executor sees, as the release must be.
    """
    with TemporaryDirectory(dir=tmp, prefix="spark-") as folder, session(master, Path(folder)) as spark:
        yield Cluster(spark, Path(folder), release.path.parent / f"spark-{release.index_version}")
