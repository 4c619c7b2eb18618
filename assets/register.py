"""A DTSEN release with its linkage index: built once, immutable, reused every night until a newer one is delivered."""

from collections.abc import Iterator

import dagster as dg

from assets.checks import check, spec
from padan.night import Night
from padan.register import ensure_current

KEY = dg.AssetKey(["register", "release"])
RELEASE_FRESH = "rilis_dtsen_ada"


@dg.asset(
    key=KEY,
    deps=[dg.AssetKey(["raw", "dtsen__anggota"]), dg.AssetKey(["raw", "dtsen__keluarga"])],
    group_name="register",
    owners=["team:dtsen"],
    kinds={"python", "duckdb"},
    description="Rilis DTSEN yang berlaku: nomor orang, kunci nama, daftar kunci pencarian dan frekuensi. Tidak berubah setelah dibuat.",
    check_specs=[spec(RELEASE_FRESH, KEY, "Ada rilis DTSEN yang utuh untuk tanggal acuan.")],
)
def release(context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """The release in force at the as-of date; built now if it was just delivered."""
    current = ensure_current(night.home, night.config.machine, night.as_of, lambda step, rows: context.log.info(f"{step}: {rows}"))
    yield dg.MaterializeResult(
        metadata={"rilis": str(current.version) if current else "belum ada", "dagster/row_count": current.persons if current else 0}
    )
    yield check(night, KEY, RELEASE_FRESH, "completeness", 0 if current else 1, 1, blocking=True)
