"""A Spark session with what Splink needs: its jar of similarity functions, a checkpoint folder, and no surprise in the settings.

Spark and Java are optional. A cluster is named by its master URL and by the site's own spark-defaults.conf; the scratch
folder must then lie on storage that every executor sees.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from padan.errors import ConfigError

#: Tasks that a local session shuffles into; a cluster's own settings say how many it wants.
LOCAL_TASKS = 8

DRIVER_MEMORY = "4g"


@contextmanager
def session(master: str, scratch: Path) -> Iterator[Any]:
    """A session on `master` ("local[2]", "spark://host:7077", …) that works in `scratch`; stopped at the end.

    Raises:
        ConfigError: pyspark or Java is not installed, or the master does not answer.
    """
    builder = _builder(master, scratch)
    try:
        spark = builder.getOrCreate()
    except Exception as error:  # noqa: BLE001 (py4j and the JVM raise a dozen kinds; none of them has met a row yet)
        raise ConfigError(
            f"Spark tidak dapat dimulai pada {master} ({type(error).__name__}).", todo="Periksa Java 17 atau lebih baru dan --master."
        ) from None
    try:
        spark.sparkContext.setLogLevel("OFF")  # Spark's messages quote cells
        spark.sparkContext.setCheckpointDir(str(scratch / "checkpoint"))
        yield spark
    finally:
        spark.stop()


def _builder(master: str, scratch: Path) -> Any:
    try:
        from pyspark.sql import SparkSession  # type: ignore[import-not-found, unused-ignore]
        from splink.backends.spark import similarity_jar_location
    except ImportError:
        raise ConfigError("pyspark tidak terpasang.", todo="pip install --require-hashes -r spark-requirements.lock") from None
    if master.startswith("local") and shutil.which("java") is None:
        raise ConfigError("Java tidak ditemukan.", todo="Pasang Java 17 atau lebih baru.")
    settings = {
        "spark.jars": similarity_jar_location(),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
    }
    if master.startswith("local"):
        settings |= {
            "spark.driver.memory": DRIVER_MEMORY,
            "spark.local.dir": str(scratch / "spill"),
            "spark.sql.shuffle.partitions": str(LOCAL_TASKS),
        }
    builder = SparkSession.builder.master(master).appName("padan")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder
