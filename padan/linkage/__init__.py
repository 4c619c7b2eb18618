"""Which person each record is, and which institution each mention names: candidates, scores (Splink), decisions, entities.

Belongs here: everything between the standard persons and schema `link`. Does not belong here: the register's own index
(padan.register), what a delivered cell means (dbt), what follows from a link (marts).
"""

from padan.linkage.changes import CAUSES, diff
from padan.linkage.digest import decision_digest
from padan.linkage.gates import RULES_IN, RULES_OUT, Rule, RuleResult, check_input, check_output
from padan.linkage.institutions import link_institutions
from padan.linkage.persons import LinkSummary, link_persons

__all__ = [
    "CAUSES",
    "RULES_IN",
    "RULES_OUT",
    "LinkSummary",
    "Rule",
    "RuleResult",
    "check_input",
    "check_output",
    "decision_digest",
    "diff",
    "link_institutions",
    "link_persons",
]
