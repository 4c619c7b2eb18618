"""Deliveries into raw tables: one asset a feed, made from its contract.

Belongs here: the asset and its checks. Does not belong here: reading, accounting, quarantine (padan.intake).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from assets.checks import check, rules_of, spec
from assets.shown import deliveries
from padan.intake.accounting import rows_in_force, unaccounted
from padan.intake.feed import take_feed
from padan.intake.outcome import FeedIntake, IntakeContext
from padan.intake.refusing import refuse_strays
from padan.intake.tables import prepare
from padan.night import Night
from padan.progress import telling
from padan.quality.catalogue import ACCEPTED, LANDING_TABLE, ROWS_ADD_UP, WITHDRAWAL_ANSWERED
from padan.quality.deliveries import judge_deliveries
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

LANDING = dg.AssetKey(LANDING_TABLE.split("."))


@contextmanager
def _intake(night: Night, step: str = "ledger__delivery") -> Iterator[IntakeContext]:
    tell = telling(step)
    with night.warehouse() as con:
        prepare(con, night.as_of)
        yield IntakeContext(
            con=con,
            home=night.home,
            config=night.config,
            landing=night.landing,
            as_of=night.as_of,
            run_id=night.run_id,
            key=night.key("record"),
            only_settled=night.only_settled,
            progress=lambda _file, rows: tell("baris", rows),
        )


@dg.asset(
    key=LANDING,
    group_name="intake",
    owners=["team:padan"],
    kinds={"python", "file"},
    description="Buku kiriman: apa yang diterima, ditolak atau digantikan; isi folder yang bukan kiriman ditolak di sini.",
    check_specs=[spec(rule, LANDING) for rule in rules_of(LANDING_TABLE)],
)
def landing(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """What lies in the landing folder and belongs to no feed is refused by name."""
    with _intake(night) as context:
        strays = len(refuse_strays(context, contracts()))
        entries = sum(1 for _ in night.landing.iterdir())
        yield dg.MaterializeResult(metadata={"bukan_kiriman": strays})
        yield check(context.con, night.run_id, ACCEPTED, LANDING_TABLE, strays, max(entries, strays), asset=LANDING)


def raw_asset(contract: Contract) -> dg.AssetsDefinition:
    """The raw table of one feed, with the checks that every feed has."""
    feed = contract.feed
    table = f"raw.{feed.table}"
    key = dg.AssetKey(table.split("."))

    @dg.asset(
        key=key,
        deps=[LANDING],
        group_name="intake",
        owners=[feed.owner],
        kinds={"python", "duckdb"},
        description=f"{feed.title}: setiap sel sebagai teks, dengan berkas dan nomor baris asal. Dasar hukum: {feed.legal.basis}.",
        check_specs=[spec(rule, key) for rule in rules_of(table)],
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
    )
    def raw(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        with _intake(night, f"raw__{feed.table}") as context:
            taken = take_feed(context, contract)
            told = _metadata(contract, taken, rows_in_force(context.con, contract))
            yield dg.MaterializeResult(asset_key=key, metadata={**told, "kiriman": deliveries(context.con, feed.agency, feed.name)})
            yield from _checks(context, contract, taken)

    return raw


def _checks(context: IntakeContext, contract: Contract, taken: FeedIntake) -> Iterator[dg.AssetCheckResult]:
    con, run, table = context.con, context.run_id, f"raw.{contract.feed.table}"
    key = dg.AssetKey(table.split("."))
    nowhere, received = unaccounted(con, contract)
    asked, refused = sum(question.answer is None for question in taken.questions), len(taken.refused)
    deliveries = max(len(taken.deliveries), asked, refused)
    yield check(con, run, ROWS_ADD_UP, table, nowhere, received, asset=key)
    yield check(con, run, WITHDRAWAL_ANSWERED, table, asked, deliveries, asset=key)
    yield check(con, run, ACCEPTED, table, refused, deliveries, asset=key)
    for one in judge_deliveries(con, contract, context.as_of):
        yield check(con, run, one.rule_id, table, one.failing, one.total, asset=key, passed=one.passed, value=one.value)


def _metadata(contract: Contract, taken: FeedIntake, in_force: int) -> dict[str, dg.TableSchema | int | str]:
    return {
        "dagster/row_count": in_force,
        "dagster/table_name": f"raw.{contract.feed.table}",
        "diterima_malam_ini": taken.received,
        "karantina_malam_ini": taken.quarantined,
        "duplikat_persis_malam_ini": taken.duplicates,
        "kiriman_baru": len(taken.taken),
        "kiriman_ditolak": len(taken.refused),
        "dagster/column_schema": dg.TableSchema(
            columns=[
                dg.TableColumn(c.name, "VARCHAR", description=f"{c.description} (kolom asal: {c.delivered})") for c in contract.columns
            ]
        ),
    }


def raw_assets() -> list[dg.AssetsDefinition]:
    """One asset for every contract."""
    return [raw_asset(contract) for contract in contracts().values()]
