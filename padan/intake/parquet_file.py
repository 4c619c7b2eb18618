"""Parquet: every column as text. A NIK stored as a floating number shows its point, as in a spreadsheet."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from padan.errors import InputRefused
from padan.intake.reading import BATCH_ROWS, ROW, Batch, Layout, Reading, position
from schemas.extracts.contract import Contract, Parquet


def open_parquet(path: Path, form: Parquet, contract: Contract) -> Reading:
    """The file's columns, and its rows in batches of 50,000.

    Raises:
        InputRefused: no readable Parquet file (also when a damaged page is reached while reading).
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, pre_buffer=False)  # else every page that was read stays in memory until the file's end
    except (pa.ArrowException, OSError) as error:
        raise InputRefused("berkas_rusak", f"Parquet tidak terbaca ({type(error).__name__}).") from None
    header = tuple(file.schema_arrow.names)
    return Reading(header, Layout("parquet"), _batches(file), Counter())


def _batches(file: Any) -> Iterator[Batch]:
    import pyarrow as pa

    number = 0
    batches = file.iter_batches(batch_size=BATCH_ROWS, use_threads=False)
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowException, OSError) as error:
            raise InputRefused("berkas_rusak", f"Parquet tidak terbaca ({type(error).__name__}).") from None
        if batch is None:
            return
        columns = [_text(position(i), pl.Series(pl.from_arrow(batch.column(i)))) for i in range(batch.num_columns)]
        numbers = pl.Series(ROW, range(number + 1, number + batch.num_rows + 1), dtype=pl.Int64)
        number += batch.num_rows
        yield Batch(pl.DataFrame([numbers, *columns]))


def _text(name: str, column: pl.Series) -> pl.Series:
    """A column of any type as text: dates in ISO, a time of day only where there is one, an empty text null."""
    column = column.alias(name)
    if isinstance(column.dtype, pl.List | pl.Struct | pl.Array | pl.Object):
        values = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in column.to_list()]
        return pl.Series(name, values, dtype=pl.String)
    if column.dtype == pl.Binary:
        return pl.Series(name, [None if v is None else v.decode("utf-8", "replace") for v in column], dtype=pl.String)
    if isinstance(column.dtype, pl.Datetime):
        text = column.dt.strftime("%Y-%m-%d %H:%M:%S")
        return text.str.strip_suffix(" 00:00:00")
    text = column.cast(pl.String)
    return text.set(text == "", None)
