"""What a full delivery puts out of force: rows it no longer holds, unless too many would go or a scope is absent.

The judgement on each delivery follows from the deliveries before it, and is made again from the first one that changed:
a late delivery or a new answer of the operator leads to the same result as if it had been there in time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from padan.config import WithdrawalAnswer
from padan.intake.tables import in_force
from schemas.extracts.contract import Contract

if TYPE_CHECKING:
    import duckdb

#: A drop of so few rows in one scope is no sign of a cut delivery by itself (many regencies have a handful of rows).
SMALL_DROP_ROWS = 10
SETTLED = "settled"


@dataclass(frozen=True)
class Question:
    """A delivery that would withdraw too much; nothing is withdrawn until the operator answers in config/padan.toml."""

    agency: str
    feed: str
    delivery_date: dt.date
    would_withdraw: int
    in_force: int
    absent_scopes: int
    answer: str | None

    @property
    def sentence(self) -> str:
        """The question in one Indonesian sentence."""
        absent = f" dan {self.absent_scopes} wilayah tidak ada di dalamnya" if self.absent_scopes else ""
        return (
            f"{self.agency}/{self.feed} {self.delivery_date}: {self.would_withdraw} dari {self.in_force} baris akan ditarik{absent}; "
            "tidak ada yang ditarik sampai dijawab di [[withdrawals]] (withdraw atau keep)."
        )


@dataclass(frozen=True)
class _ScopeCount:
    scope: str | None
    before: int
    now: int
    missing: int


def settle(con: duckdb.DuckDBPyConnection, contract: Contract, answers: Sequence[WithdrawalAnswer], since: dt.date) -> None:
    """Judge every delivery of the feed dated `since` or later, oldest first; inside the caller's transaction."""
    feed = contract.feed
    own = [feed.agency, feed.name]
    for table in ("replaced", "withdrawal_question"):
        con.execute(f"DELETE FROM ledger.{table} WHERE agency = ? AND feed = ? AND delivery_date >= ?", [*own, since])
    if not feed.full or feed.is_register:
        return
    later = con.execute(
        "SELECT delivery_date, delivery_id FROM ledger.effective WHERE agency = ? AND feed = ? AND delivery_date >= ? ORDER BY ALL",
        [*own, since],
    ).fetchall()
    for date, delivery_id in later:
        _judge(con, contract, date, delivery_id, _answer(answers, feed.path, date))
    con.execute(
        "UPDATE ledger.withdrawal_question q SET answer = ? WHERE agency = ? AND feed = ? AND answer IS NULL AND EXISTS "
        "(SELECT 1 FROM ledger.replaced r WHERE r.agency = q.agency AND r.feed = q.feed AND r.whole AND r.delivery_date > q.delivery_date)",
        [SETTLED, *own],
    )


def _answer(answers: Sequence[WithdrawalAnswer], path: str, date: dt.date) -> str | None:
    """The operator's answer; of several on one delivery the last."""
    return next((a.answer for a in reversed(answers) if a.feed == path and a.delivery_date == date), None)


def _judge(con: duckdb.DuckDBPyConnection, contract: Contract, date: dt.date, delivery_id: str, answer: str | None) -> None:
    feed, limit = contract.feed, contract.feed.limits.withdrawn
    counts = _scope_counts(con, contract, date, delivery_id)
    in_force_rows = sum(c.before for c in counts)
    absent = [c for c in counts if c.scope is not None and c.before and not c.now]
    going = [c.missing if feed.key else max(0, c.before - c.now) for c in counts]
    cut = [c for c in counts if not feed.key and c.now and c.before - c.now > max(SMALL_DROP_ROWS, limit * c.before)]
    asked = bool(absent or cut) or sum(going) > limit * in_force_rows
    if asked:
        con.execute(
            "INSERT INTO ledger.withdrawal_question VALUES (?, ?, ?, ?, ?, ?, ?)",
            [feed.agency, feed.name, date, sum(going), in_force_rows, len(absent), answer],
        )
    if not asked or answer == "withdraw":
        con.execute("INSERT INTO ledger.replaced VALUES (?, ?, ?, true, NULL)", [feed.agency, feed.name, date])
    elif not feed.key:
        # identity is content here: a scope that came whole is replaced by design, one that shrank stays beside it
        whole = [c.scope for c in counts if c.scope is not None and c.now and c.before - c.now <= limit * c.before]
        for scope in whole:
            con.execute("INSERT INTO ledger.replaced VALUES (?, ?, ?, false, ?)", [feed.agency, feed.name, date, scope])


def _scope_counts(con: duckdb.DuckDBPyConnection, contract: Contract, date: dt.date, delivery_id: str) -> list[_ScopeCount]:
    """By scope: rows in force before the delivery, rows in it, and rows in force whose key it does not hold."""
    table = f"raw.{contract.feed.table}"
    found = con.execute(
        f"""
        WITH before AS ({in_force(con, contract, date)}),
        own AS (SELECT scope, record_id FROM {table} WHERE delivery_id = ? AND delivery_date = ?),
        keys AS (SELECT coalesce(s.key_id, own.record_id) AS key_id FROM own LEFT JOIN ledger.shared_key s USING (record_id)),
        missing AS (
            SELECT scope, count(*) AS n
            FROM (SELECT scope, coalesce(s.key_id, before.record_id) AS key_id FROM before LEFT JOIN ledger.shared_key s USING (record_id))
            ANTI JOIN keys USING (key_id) GROUP BY scope),
        was AS (SELECT scope, count(*) AS n FROM before GROUP BY scope),
        now AS (SELECT scope, count(*) AS n FROM own GROUP BY scope),
        scopes AS (SELECT scope FROM was UNION SELECT scope FROM now)
        SELECT c.scope, coalesce(was.n, 0), coalesce(now.n, 0), coalesce(missing.n, 0)
        FROM scopes c
        LEFT JOIN was ON was.scope IS NOT DISTINCT FROM c.scope
        LEFT JOIN now ON now.scope IS NOT DISTINCT FROM c.scope
        LEFT JOIN missing ON missing.scope IS NOT DISTINCT FROM c.scope
        ORDER BY ALL
        """,
        [delivery_id, date],
    ).fetchall()
    return [_ScopeCount(*row) for row in found]


def questions(con: duckdb.DuckDBPyConnection, contract: Contract, as_of: dt.date) -> tuple[Question, ...]:
    """The feed's questions that nobody answered and no later delivery settled, oldest first."""
    found = con.execute(
        "SELECT * FROM ledger.withdrawal_question "
        "WHERE agency = ? AND feed = ? AND delivery_date <= ? AND answer IS NULL ORDER BY delivery_date",
        [contract.feed.agency, contract.feed.name, as_of],
    ).fetchall()
    return tuple(Question(*row) for row in found)


def stale_since(con: duckdb.DuckDBPyConnection, contract: Contract, answers: Sequence[WithdrawalAnswer]) -> dt.date | None:
    """The oldest delivery whose question is answered otherwise in the config than when it was judged."""
    found = con.execute(
        "SELECT delivery_date, answer FROM ledger.withdrawal_question WHERE agency = ? AND feed = ?",
        [contract.feed.agency, contract.feed.name],
    ).fetchall()
    changed = [date for date, judged in found if (judged if judged != SETTLED else None) != _answer(answers, contract.feed.path, date)]
    return min(changed, default=None)
