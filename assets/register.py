"""A DTSEN release with its linkage index: built once, immutable, reused every night until a newer one is delivered."""

from collections.abc import Iterator

import dagster as dg

from assets.checks import check, rules_of, spec
from padan.linkage.siblings import keep_siblings
from padan.night import Night
from padan.progress import telling
from padan.quality.catalogue import RELEASE_TABLE, RELEASE_THERE
from padan.register import current_release, describe_release, ensure_current, publish_agregat, publish_no_agregat

KEY = dg.AssetKey(RELEASE_TABLE.split("."))
AGREGAT = dg.AssetKey(["register", "agregat"])


@dg.asset(
    key=KEY,
    deps=[dg.AssetKey(["raw", "dtsen__anggota"]), dg.AssetKey(["raw", "dtsen__keluarga"])],
    group_name="register",
    owners=["team:dtsen"],
    kinds={"python", "duckdb"},
    description="Rilis DTSEN yang berlaku: nomor orang, kunci nama, daftar kunci pencarian dan frekuensi. Tidak berubah setelah dibuat.",
    check_specs=[spec(rule, KEY) for rule in rules_of(RELEASE_TABLE)],
)
def release(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """The release in force at the as-of date; built now if it was just delivered."""
    current = ensure_current(night.home, night.config.machine, night.as_of, telling("register__release"))
    known = {"keluarga": current.families, **describe_release(current)} if current else {}
    yield dg.MaterializeResult(
        asset_key=KEY,
        metadata={
            "rilis": str(current.version) if current else "belum ada",
            "dagster/row_count": current.persons if current else 0,
            **known,
        },
    )
    with night.warehouse() as con:
        if current:
            keep_siblings(con, current.path)
        yield check(con, night.run_id, RELEASE_THERE, RELEASE_TABLE, 0 if current else 1, 1, asset=KEY)


@dg.asset(
    key=AGREGAT,
    deps=[KEY],
    group_name="register",
    owners=["team:dtsen"],
    kinds={"python", "duckdb"},
    description="Jumlah anak dan keluarga di register menurut kabupaten, desil, aturan rentan dan program: penyebut indikator.",
)
def agregat(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
    """The counts of the release in force, as `register.agregat` of the warehouse; without a release there is none."""
    current = current_release(night.home, night.as_of)
    if current is None:
        with night.warehouse() as con:
            publish_no_agregat(con)
        return dg.MaterializeResult(metadata={"dagster/row_count": 0})
    with night.warehouse() as con:
        rows = publish_agregat(con, current)
    return dg.MaterializeResult(metadata={"dagster/row_count": rows, "dagster/table_name": "register.agregat"})
