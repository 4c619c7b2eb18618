"""Deliveries into raw tables: one asset a feed, made from its contract.

Belongs here: the asset and its checks. Does not belong here: reading, accounting, quarantine (padan.intake).
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from assets.checks import check, spec
from padan.intake import FeedIntake, IntakeContext, prepare, take_feed
from padan.night import Night
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

ROWS_ADD_UP = "baris_diterima_sama_dengan_hasil"
WITHDRAWAL_ANSWERED = "penarikan_terjawab"
ACCEPTED = "kiriman_diterima"


def _take(night: Night, contract: Contract) -> FeedIntake:
    with night.warehouse() as con:
        prepare(con, night.as_of)
        context = IntakeContext(
            con=con,
            home=night.home,
            config=night.config,
            landing=night.landing,
            as_of=night.as_of,
            run_id=night.run_id,
            key=night.key("record"),
            settle_minutes=night.settle_minutes,
        )
        return take_feed(context, contract)


def raw_asset(contract: Contract) -> dg.AssetsDefinition:
    """The raw table of one feed, with the checks that every feed has."""
    feed = contract.feed
    key = dg.AssetKey(["raw", feed.table])

    @dg.asset(
        key=key,
        group_name="intake",
        owners=[feed.owner],
        kinds={"python", "duckdb"},
        description=f"{feed.title}: setiap sel sebagai teks, dengan berkas dan nomor baris asal. Dasar hukum: {feed.legal.basis}.",
        check_specs=[
            spec(ROWS_ADD_UP, key, "Baris diterima = diterima + karantina + duplikat persis, untuk setiap berkas."),
            spec(WITHDRAWAL_ANSWERED, key, "Tidak ada baris ditarik tanpa jawaban operator bila terlalu banyak yang hilang."),
            spec(ACCEPTED, key, "Tidak ada kiriman yang ditolak malam ini.", blocking=False),
        ],
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
    )
    def raw(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        taken = _take(night, contract)
        yield dg.MaterializeResult(asset_key=key, metadata=_metadata(contract, taken))
        yield check(night, key, ROWS_ADD_UP, "consistency", taken.unaccounted, taken.received, blocking=True)
        yield check(night, key, WITHDRAWAL_ANSWERED, "completeness", len(taken.questions), taken.in_force, blocking=True)
        yield check(night, key, ACCEPTED, "validity", len(taken.refused), len(taken.refused) + taken.deliveries, blocking=False)

    return raw


def _metadata(contract: Contract, taken: FeedIntake) -> dict[str, dg.MetadataValue | int | str]:
    return {
        "dagster/row_count": taken.in_force,
        "dagster/table_name": f"raw.{contract.feed.table}",
        "diterima_malam_ini": taken.received,
        "karantina": taken.quarantined,
        "duplikat_persis": taken.duplicate,
        "kiriman_baru": taken.deliveries,
        "kiriman_ditolak": len(taken.refused),
        "dagster/column_schema": dg.TableSchema(
            columns=[dg.TableColumn(c.name, "VARCHAR", description=f"{c.description} (kolom asal: {c.delivered})") for c in contract.columns]
        ),
    }


def raw_assets() -> list[dg.AssetsDefinition]:
    """One asset for every contract."""
    return [raw_asset(contract) for contract in contracts().values()]
