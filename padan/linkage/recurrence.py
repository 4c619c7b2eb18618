"""Who has come to one agency has more often come to another: a doubtful record whose best candidate other records name.

Being named already makes a register person likelier than one who is not, by as much as tonight's links show. It joins records
of one person; whether the record is linked to the register stays the decision's own, and its reviewer's.
Does not belong here: joining (entities), the posterior of a record by itself (decision).
"""

from __future__ import annotations

import duckdb

from padan.config import PersonPolicy
from padan.linkage.decision import ABSENT_IN_LISTED_FAMILY, member_bits
from padan.linkage.model import Probabilities
from padan.linkage.siblings import prepare_siblings

#: The most that being named by others may multiply the odds by: where few are named, chance repeats itself in ways nobody counted.
MOST = 8.0

# By delivery: how many times likelier a person is that other records name, of one more linked record. Counted, with one of either added.
_LIFT = """
CREATE OR REPLACE TABLE recurrence AS
WITH claim AS (SELECT person_no, count(*) AS records FROM grouped WHERE person_no IS NOT NULL GROUP BY 1)
SELECT e.delivery,
    least({most}, (count(*) FILTER (c.records > 1) + 1) / (count(*) + 2) / ((SELECT count(*) FROM claim) / {size})) AS lift
FROM grouped g JOIN claim c USING (person_no) JOIN everyone e USING (rec_no) GROUP BY 1
"""

# The second candidate and a relative that the register lacks are taken to be named by others as well: neither is held to be rarer.
_NAMED = """
INSERT INTO edge
SELECT least(one, other), greatest(one, other), round(log2(p / (1 - p)), 6)
FROM (SELECT g.group_no AS one, c.group_no AS other, t.lift * own / (t.lift * (own + rival) + greatest(1 - own - rival, 1e-12)) AS p
    FROM (SELECT rec_no, person_no, match_probability AS own,
            match_probability * (exp2_(coalesce(runner_up_weight - match_weight, -100)) + {absent} * exp2_(-({member}))) AS rival
        FROM (SELECT d.*, k.* EXCLUDE (record_id, register_id, rank, rules, match_weight, match_probability, run_id), false AS parental,
                false AS family_words
            FROM decided d JOIN everyone USING (rec_no) JOIN ({candidates}) k USING (record_id)
            WHERE d.reason = 'bukti_abu_abu' AND k.rank = 1)) d
    JOIN (SELECT person_no, min(group_no) AS group_no FROM grouped WHERE person_no IS NOT NULL GROUP BY 1) c USING (person_no)
    JOIN grouped g USING (rec_no) JOIN everyone e USING (rec_no) JOIN recurrence t USING (delivery))
WHERE p >= {least}
"""


def add_recurring(con: duckdb.DuckDBPyConnection, warehouse: str, trained: Probabilities, size: int, policy: PersonPolicy) -> None:
    """Add to `edge` the doubtful records whose best candidate, being named by other records, is the person after all.

    Reads `decided`, `grouped`, `everyone`, tonight's `kept_candidate`, and `link.candidate` for the answers that stood.
    `size`: persons of the register.
    """
    prepare_siblings(con, trained)
    con.execute(_LIFT.format(size=size, most=MOST))
    # few are in doubt, and what is kept of a nation's candidates is read once for them
    con.execute(
        """CREATE OR REPLACE TABLE doubtful_stood AS
        SELECT record_id FROM decided JOIN everyone USING (rec_no) SEMI JOIN stood USING (rec_no) WHERE reason = 'bukti_abu_abu'"""
    )
    standing = f"SELECT k.* FROM {warehouse}.link.candidate k SEMI JOIN doubtful_stood USING (record_id) WHERE k.rank = 1"
    absent = (1 - policy.register_coverage) * ABSENT_IN_LISTED_FAMILY / policy.register_coverage
    con.execute(
        _NAMED.format(
            member=member_bits(),
            absent=absent,
            least=policy.same_person_probability,
            candidates=f"SELECT * FROM kept_candidate UNION ALL BY NAME {standing}",
        )
    )
