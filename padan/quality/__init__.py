"""What was checked each night, on which data, with which result; and the page that says so."""

from __future__ import annotations

from padan.quality.checks import FailingGate, gate_status, record_check
from padan.quality.dbt_results import record_dbt_results

__all__ = ["FailingGate", "gate_status", "record_check", "record_dbt_results"]
