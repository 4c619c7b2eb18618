"""The queue of doubtful matches, made anew after each night's decisions, and what its rulings teach.

Belongs here: the asset and its checks. Does not belong here: what is doubtful, and who may decide it (padan.review).
"""

import math
from collections.abc import Iterator

import dagster as dg

from assets.checks import check, rules_of, spec
from padan.night import Night
from padan.quality.catalogue import QUEUE_YOUNG, READERS_AGREE, REVIEW_TABLE
from padan.review.learning import LEAST_PAIRS, measure
from padan.review.queue import build_queue, case_number

KEY = dg.AssetKey(["review", "case"])


@dg.multi_asset(
    name="review__case",
    specs=[
        dg.AssetSpec(
            KEY,
            deps=[dg.AssetKey(["link", "decision"]), dg.AssetKey(["intermediate", "int_person__standardized"])],
            group_name="link",
            owners=["team:padan"],
            kinds={"duckdb"},
            description="Antrean padanan yang meragukan: satu baris per catatan dan calonnya, menurut bahaya dan banyaknya yang ikut.",
        )
    ],
    check_specs=[spec(rule, KEY) for rule in rules_of(REVIEW_TABLE)],
)
def cases(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """What a person must decide, the most harmful first; and whether cases grow old or readers disagree."""
    key, limits = night.key("review"), night.config.review
    with night.warehouse() as con:
        count = build_queue(con, case_number(key), night.as_of, night.run_id)
        found = measure(con, night.as_of, key, limits.second_share, night.linkage.person.link_probability, night.run_id)
        late = con.execute("SELECT count(*) FROM review.case WHERE ? - opened_on > ?", [night.as_of, limits.oldest_days]).fetchall()[0][0]
        agreement = next(one for one in found if one.measure == "kesepakatan")
        kappa = None if math.isnan(agreement.value) else agreement.value
        apart = agreement.denominator - agreement.numerator
        agreed = kappa is None or agreement.denominator < LEAST_PAIRS or kappa >= limits.least_agreement
        results = [
            check(con, night.run_id, QUEUE_YOUNG, REVIEW_TABLE, late, count, asset=KEY),
            check(
                con, night.run_id, READERS_AGREE, REVIEW_TABLE, apart, agreement.denominator, asset=KEY, passed=agreed, value=kappa,
            ),
        ]  # fmt: skip
    figures = {f"{one.measure}: {one.stratum}": one.value for one in found if not math.isnan(one.value)}
    yield dg.MaterializeResult(asset_key=KEY, metadata={"dagster/row_count": count, "dagster/table_name": REVIEW_TABLE, **figures})
    yield from results
