"""The queue of doubtful matches, made anew after each night's decisions.

Belongs here: the asset. Does not belong here: what is doubtful, and who may decide it (padan.review).
"""

import dagster as dg

from padan.keys import keyed_hash
from padan.night import Night
from padan.review.queue import build_queue


@dg.asset(
    key=dg.AssetKey(["review", "case"]),
    deps=[dg.AssetKey(["link", "decision"]), dg.AssetKey(["intermediate", "int_person__standardized"])],
    group_name="link",
    owners=["team:padan"],
    kinds={"duckdb"},
    description="Antrean padanan yang meragukan: satu baris per catatan dan calonnya, menurut bahaya dan berapa catatan ikut putusannya.",
)
def cases(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
    """What a person must decide, the most harmful first."""
    key = night.key("review")
    with night.warehouse() as con:
        count = build_queue(con, lambda *ids: f"K-{keyed_hash(key, *ids)[:12]}", night.as_of, night.run_id)
        by_kind = con.execute("SELECT kind, count(*) FROM review.case GROUP BY 1 ORDER BY 1").fetchall()
        centre = con.execute("SELECT count(*) FROM review.case WHERE centre_only").fetchall()[0][0]
        oldest = con.execute("SELECT coalesce(max(? - opened_on), 0) FROM review.case", [night.as_of]).fetchall()[0][0]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": count,
            "hanya_pusat": centre,
            "umur_tertua_hari": oldest,
            **{f"kasus_{kind}": n for kind, n in by_kind},
        }
    )
