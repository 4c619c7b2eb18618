"""Five hundred values of persons who were really in the night, searched in everything that it leaves outside the vault, six ways."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from figures import Figures
from nights import RanNight
from searched import contents, outside_the_vault

#: Kind → how many, and the query that finds them in the vault.
VALUES = {
    "NIK": (150, "SELECT DISTINCT nik FROM intermediate.int_person__standardized WHERE regexp_full_match(nik, '[0-9]{16}')"),
    "KK": (100, "SELECT DISTINCT no_kk FROM intermediate.int_person__standardized WHERE regexp_full_match(no_kk, '[0-9]{16}')"),
    "name": (150, "SELECT DISTINCT nama FROM intermediate.int_person__standardized WHERE nama LIKE '% %' AND len(nama) >= 12"),
    "mother": (50, "SELECT DISTINCT nama_ibu FROM intermediate.int_person__standardized WHERE nama_ibu LIKE '% %' AND len(nama_ibu) >= 12"),
}
ADDRESSES = (50, "SELECT DISTINCT alamat FROM raw.dtsen__keluarga WHERE len(alamat) >= 12")


def planted(night: RanNight) -> list[str]:
    found: list[str] = []
    with night.warehouse() as con:
        for count, query in VALUES.values():
            found += [row[0] for row in con.execute(f"SELECT * FROM ({query}) t(v) ORDER BY md5(v) LIMIT {count}").fetchall()]
    release = min((night.home / "register").glob("*/delivered.duckdb"))
    with duckdb.connect(str(release), read_only=True) as con:
        found += [row[0] for row in con.execute(f"SELECT * FROM ({ADDRESSES[1]}) t(v) ORDER BY md5(v) LIMIT {ADDRESSES[0]}").fetchall()]
    return found


def spellings(value: str) -> set[bytes]:
    """Plain, UTF-16, hexadecimal, base64 at any place in a longer text, and hashes without a key; gzip is opened where it is met."""
    plain = value.encode()
    placed = {base64.b64encode(b"\0" * at + plain)[-(-at * 8 // 6) : -(-(len(plain) + at) * 8 // 6) - 2].rstrip(b"=") for at in range(3)}
    hashed = {hashlib.new(name, word).hexdigest().encode() for name in ("md5", "sha1", "sha256") for word in (plain, plain.lower())}
    return {plain, plain.lower(), plain.title(), value.encode("utf-16-le"), plain.hex().encode(), *placed, *hashed}


def texts(home: Path) -> Iterator[tuple[str, bytes]]:
    for path in outside_the_vault(home):
        name = str(path.relative_to(home))
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as con:
                for schema, table in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
                    rows = con.execute(f'SELECT t::VARCHAR FROM {schema}."{table}" t').fetchall()
                    yield f"{name}: {schema}.{table}", "\n".join(row[0] for row in rows).encode()
        elif path.suffix == ".parquet":
            rows = duckdb.sql(f"SELECT t::VARCHAR FROM '{path}' t").fetchall()
            yield name, "\n".join(row[0] for row in rows).encode()
        else:
            content = contents(path)
            yield name, content
            if content[:2] == b"\x1f\x8b":
                yield f"{name} opened", gzip.decompress(content)


@pytest.mark.long
def test_none_of_five_hundred_values_leaves_the_vault(small_night: RanNight, figures: Figures) -> None:
    values = planted(small_night)
    assert len(values) == 500
    needles = {needle: at for at, value in enumerate(values) for needle in spellings(value) if len(needle) >= 12}
    assert len(needles) > 4_000
    searched = hits = 0
    for name, content in texts(small_night.home):
        searched += len(content)
        found = sorted({at for needle, at in needles.items() if needle in content})
        assert not found, f"{name} holds value no. {found[:5]}"
        hits += len(found)
    figures.add("500 values in six encodings outside the vault: hits", "0", hits)
    figures.add("bytes searched for them, MB", "-", searched / 1e6)


def test_the_search_finds_what_is_hidden_in_each_way() -> None:
    value = "3273051203168817"
    plain = value.encode()
    hidden = [
        b"x" + plain, base64.b64encode(b"ab" + plain + b"cd"), base64.b64encode(b"a" + plain), plain.hex().encode(),
        value.encode("utf-16-le"), hashlib.sha256(plain).hexdigest().encode(),
    ]  # fmt: skip
    assert all(any(needle in text for needle in spellings(value)) for text in hidden)
    assert not any(needle in zlib.compress(b"nothing of it") for needle in spellings(value))
