"""One way in: a file is opened by the format that its contract promises, after its bytes were seen to be that."""

from __future__ import annotations

from pathlib import Path

from padan.intake.container import form_of
from padan.intake.csv_file import open_csv
from padan.intake.json_file import open_json
from padan.intake.parquet_file import open_parquet
from padan.intake.reading import Reading
from padan.intake.xlsx_file import open_xlsx
from schemas.extracts.contract import Contract, Csv, Json, Xlsx


def open_file(name: str, path: Path, contract: Contract) -> Reading:
    """Open a delivered file; `name` is what the agency called it, `path` where its bytes lie.

    Raises:
        InputRefused: its bytes are not what the contract promises.
    """
    form = form_of(name, path, contract.feed.format)
    if isinstance(form, Csv):
        return open_csv(path, form, contract)
    if isinstance(form, Xlsx):
        return open_xlsx(path, form, contract)
    if isinstance(form, Json):
        return open_json(path, form, contract)
    return open_parquet(path, form, contract)
