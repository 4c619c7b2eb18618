"""What passes every gate is published: one file for each audience, all put in force by one rename."""

from collections.abc import Iterator

import dagster as dg

from assets import shown
from padan.night import Night
from padan.progress import telling
from padan.quality import expected_gates, gate_status
from padan.register import current_release
from padan.returns import create_return_tables, write_lists
from padan.serving import publish
from padan.warehouse import count_rows
from schemas.code_lists import code_lists
from schemas.sharing import AUDIENCES

KEY = dg.AssetKey(["serving", "current"])
#: Marts of the vault that nobody is served: their gates hold back a publication like any other's.
UNSERVED = ("padanan", "selisih", "perhatian", "keluarga")
#: Who needs something, and what a case agency is told: the lists are made of it.
NEEDS = (dg.AssetKey(["intermediate", "int_return__needed"]), dg.AssetKey(["intermediate", "int_return__told"]))


@dg.asset(
    key=KEY,
    deps=[
        dg.AssetKey(["quality", "check"]),
        dg.AssetKey(["link", "register_key"]),
        dg.AssetKey(["link", "change"]),
        dg.AssetKey(["register", "agregat"]),
        *(dg.AssetKey(["codes", f"codes_{name}"]) for name in code_lists()),
        *sorted({dg.AssetKey(table.relation.split(".")) for audience in AUDIENCES.values() for table in audience.tables}),
        *(dg.AssetKey(["marts", name]) for name in UNSERVED),
        *NEEDS,
    ],
    group_name="publish",
    owners=["team:padan"],
    kinds={"duckdb", "parquet"},
    description="Berkas terbitan untuk tiap pembaca ({}): bersamaran, sel kecil ditutup, ditukar sekaligus.".format(", ".join(AUDIENCES)),
)
def serving(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult]:
    """Nothing is put in force while a gate of this night is red; yesterday's files stay."""
    release = current_release(night.home, night.as_of)
    versions = {
        "dtsen_versi": str(release.version) if release else None,
        "code_version": night.code_version,
        "model_version": night.linkage.person.model_version,
        "policy_version": night.linkage.policy_version,
    }
    with night.warehouse() as con:
        failing = gate_status(con, night.run_id, expected_gates())
        if failing:
            raise dg.Failure(description="gerbang tidak lulus: " + "; ".join(map(str, failing)), allow_retries=False)
        tell = telling("serving__current")
        publication = publish(
            con, night.home, night.config, run_id=night.run_id, as_of=night.as_of, versions=versions, progress=lambda part: tell(part, 0)
        )
    rows = sum(count for tables in publication.rows.values() for count in tables.values())
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": rows,
            "sel_indikator": publication.cells,
            "sel_ditutup": publication.hidden_cells,
            **{f"anak_di_sel_terbit_{level}": share for level, share in publication.coverage.items()},
            "berkas_terbitan": shown.publication(publication.rows),
            "laporan": shown.report_of(night),
        }
    )


@dg.asset(
    key=dg.AssetKey(["returns", "list"]),
    deps=[KEY, *NEEDS],
    group_name="publish",
    owners=["team:padan"],
    kinds={"duckdb", "xlsx"},
    description="Sekali sebulan: anak yang perlu sesuatu, untuk kantor pengirim barisnya; keadaan kasus terbuka, untuk instansinya.",
)
def lists(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
    """Only of a night that published: nothing goes to an office that did not pass the gates."""
    with night.warehouse() as con:
        written = write_lists(con, night)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(written.children.values()),
            "ditarik": written.withdrawn,
            "menunggu": written.waiting,
            **{f"daftar_{agency}": count for agency, count in written.lists.items()},
            **{f"anak_{agency}": count for agency, count in written.children.items()},
        }
    )


def _answered(name: str, about: str) -> dg.AssetsDefinition:
    """What the lists and their answers of earlier nights came to, as indicators read it; offices add to it between nights."""

    @dg.asset(key=dg.AssetKey(["returns", name]), group_name="publish", owners=["team:padan"], kinds={"duckdb"}, description=about)
    def standing(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
        with night.warehouse() as con:
            create_return_tables(con)
            return dg.MaterializeResult(metadata={"dagster/row_count": count_rows(con, f"returns.{name}")})

    return standing


listed = _answered("listed", "Satu baris tiap anak dalam daftar satu bulan, sampai malam ini.")
answer = _answered("answer", "Satu baris tiap jawaban kantor, sampai malam ini.")
