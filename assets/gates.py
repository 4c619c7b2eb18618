"""Which gates must have left a result before anything is published: one that did not run counts as failed."""

from assets.intake import ROWS_ADD_UP, WITHDRAWAL_ANSWERED
from assets.register import RELEASE_FRESH
from padan.linkage import RULES_IN, RULES_OUT
from padan.quality import SUITES
from padan.quality.accuracy import RULES, TABLE
from schemas.extracts import contracts


def expected_gates() -> list[tuple[str, str]]:
    """(rule, table) of every blocking check outside dbt; dbt records its own tests, those that it skipped included."""
    intake = [(rule, f"raw.{c.feed.table}") for c in contracts().values() for rule in (ROWS_ADD_UP, WITHDRAWAL_ANSWERED)]
    linkage = [(rule.rule_id, rule.table_name) for rule in (*RULES_IN, *RULES_OUT)]
    accuracy = [(rule.rule_id, TABLE) for rule in RULES if rule.blocking]
    suites = [(suite.name, suite.table_name) for suite in SUITES if suite.severity == "error"]
    return [*intake, (RELEASE_FRESH, "register.release"), *linkage, *accuracy, *suites]
