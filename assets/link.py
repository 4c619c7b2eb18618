"""Which person each record is, and which institution each mention names; Pandera before and after."""

from collections.abc import Iterable, Iterator
from typing import Any

import dagster as dg

from assets.checks import check, spec
from assets.lineage import lineage_metadata, table_schema
from assets.shown import decisions
from padan.linkage import (
    CAUSES,
    RULES_IN,
    RULES_OUT,
    LinkSummary,
    Rule,
    RuleResult,
    check_input,
    check_output,
    link_institutions,
    link_persons,
)
from padan.night import Night
from padan.progress import telling
from padan.quality import catalogue
from padan.register import current_release

ABOUT = {
    "decision": "Satu keputusan per catatan orang: link, review (tinjau) atau no_link (belum), dengan alasan dan langkah.",
    "register_key": "Baris DTSEN yang disebut oleh suatu keputusan.",
    "register_person": "Keadaan orang dan keluarga dari baris DTSEN yang disebut oleh suatu keputusan.",
    "change": "Satu baris per catatan yang jawabannya berubah sejak malam sebelumnya, dengan sebabnya: data, register, model atau ruling.",
    "institution_decision": "Satu keputusan per penyebutan lembaga: LKS terdaftar yang mana.",
}
UPSTREAM = [
    dg.AssetKey(["intermediate", "int_person__standardized"]),
    dg.AssetKey(["intermediate", "int_institution__named"]),
    dg.AssetKey(["staging", "stg_kemensos__lks"]),
    dg.AssetKey(["register", "release"]),
]


PERSONS, MENTIONS = ("intermediate", "int_person__standardized"), ("intermediate", "int_institution__named")
COMPARED = (
    "nik",
    "no_kk",
    "nama",
    "tanggal_lahir",
    "jenis_kelamin",
    "nama_ibu",
    "kode_kecamatan",
    "kode_kabupaten",
    "nik_wali",
    "nama_wali",
)
COMPARED_LKS = ("no_td", "nama_lks", "jenis", "kode_kabupaten")
CARRIED = ("agency", "feed", "delivery_date", "source_file", "source_row")
ANSWERED = ("decision", "method", "reason", "match_weight", "match_probability", "margin", "runner_up_weight", "next_action")


def _lineage(table: str) -> dict[str, Any]:
    """What linkage compares to reach its answers, which no SQL of dbt tells."""
    if table == "decision":
        source, own, compared, answers = PERSONS, "record_id", COMPARED, (*ANSWERED, "person_id", "register_id")
    elif table == "institution_decision":
        source, own, compared, answers = MENTIONS, "mention_id", COMPARED_LKS, (*ANSWERED, "institution_id", "no_td")
    else:
        return {}
    origins = {"record_id": {(*source, own)}} | {column: {(*source, column)} for column in CARRIED}
    origins |= {answer: {(*source, column) for column in compared} for answer in answers}
    return lineage_metadata(origins)


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


def _specs(rules: Iterable[Rule]) -> list[dg.AssetCheckSpec]:
    return [spec(catalogue()[rule.rule_id, rule.table_name], _key(rule.table_name)) for rule in rules]


def _checks(night: Night, results: Iterable[RuleResult]) -> Iterator[dg.AssetCheckResult]:
    with night.warehouse() as con:
        for r in results:
            yield check(con, night.run_id, r.rule_id, r.rule.table_name, r.numerator, r.denominator, asset=_key(r.rule.table_name))


def _told(summary: LinkSummary) -> dict[str, int]:
    """How much of the night was work: records answered and records whose answer stood, and the rulings that held."""
    return {
        "dijawab": summary.scored,
        "tetap_berlaku": summary.stood,
        "putusan_berlaku": summary.rulings.held,
        "putusan_bertentangan": summary.rulings.contradicted,
        "putusan_kedaluwarsa": summary.rulings.lapsed,
        "putusan_tak_terpetakan": summary.rulings.unresolved,
    }


@dg.multi_asset_check(name="linkage_input", specs=_specs(RULES_IN), description="Pandera: tabel orang baku seperti yang dijanjikan.")
def linkage_input(night: dg.ResourceParam[Night]) -> Iterator[dg.AssetCheckResult]:
    """Is the table of standard persons what linkage was promised?"""
    with night.warehouse() as con:
        results = check_input(con)
    yield from _checks(night, results)


@dg.multi_asset(
    name="link",
    specs=[
        dg.AssetSpec(
            ["link", table], deps=UPSTREAM, group_name="link", owners=["team:padan"], kinds={"duckdb", "splink"}, description=about
        )
        for table, about in ABOUT.items()
    ],
    check_specs=_specs(RULES_OUT),
)
def link(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """One decision a record, and a stable person behind it."""
    release = current_release(night.home, night.as_of)
    with night.warehouse() as con:
        summary = link_persons(con, night.home, release, night.linkage, night.run_id, night.key("person"), telling("link"))
        link_institutions(con, night.linkage, night.run_id)
        rows = {table: con.execute(f"SELECT count(*) FROM link.{table}").fetchall()[0][0] for table in ABOUT}
        results = check_output(con)
        by_feed = {table: {"menurut_sumber": decisions(con, f"link.{table}")} for table in ("decision", "institution_decision")}
        schemas = {table: table_schema(con, "link", table) for table in ABOUT}
    told = {"decision": _told(summary), "change": {f"berubah_{cause}": summary.changed.get(cause, 0) for cause in CAUSES}}
    for table, count in rows.items():
        metadata: dict[str, Any] = {"dagster/row_count": count, "dagster/table_name": f"link.{table}", **told.get(table, {})}
        metadata |= {**by_feed.get(table, {}), "dagster/column_schema": schemas[table], **_lineage(table)}
        yield dg.MaterializeResult(asset_key=["link", table], metadata=metadata)
    yield from _checks(night, results)
