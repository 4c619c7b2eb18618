"""A newcomer adds a feed by one contract and one staging model: the example of CONTRIBUTING.md, run as it is printed."""

from __future__ import annotations

import re

from nights import REPO, RanNight

DELIVERED = 40


def test_the_example_is_one_contract_and_one_model() -> None:
    named = re.findall(r"<!-- file: (\S+) -->", (REPO / "CONTRIBUTING.md").read_text())
    assert [name for name in named if name.endswith(".py")] == ["schemas/extracts/kemenpppa.py"]
    assert [name for name in named if name.endswith(".sql")] == ["dbt_project/models/staging/kemenpppa/stg_kemenpppa__simfoni.sql"]


def test_the_example_is_taken_standardized_and_linked(waived: RanNight) -> None:
    assert waived.exit_code == 0, waived.stderr[-3000:]
    with waived.warehouse() as con:
        decisions = dict(con.execute("SELECT decision, count(*) FROM link.decision WHERE feed = 'simfoni' GROUP BY ALL").fetchall())
        conforming = con.execute("SELECT count(*) FROM intermediate.int_conformity WHERE feed = 'simfoni'").fetchall()[0][0]
    assert sum(decisions.values()) == DELIVERED
    assert decisions["link"] >= 0.95 * DELIVERED
    assert conforming > 0
    assert "kemenpppa/simfoni" in waived.stdout
