"""What was checked each night, on which data, with which result; and the page that says so."""

from __future__ import annotations

from padan.quality.catalogue import catalogue, expected_gates
from padan.quality.checks import FailingGate, gate_status, record_check
from padan.quality.conformity import record_conformity
from padan.quality.dbt_results import record_dbt_results
from padan.quality.rules import write_rules
from padan.quality.suites import SUITES, SuiteResult, run_suites

__all__ = [
    "SUITES",
    "FailingGate",
    "SuiteResult",
    "catalogue",
    "expected_gates",
    "gate_status",
    "record_check",
    "record_conformity",
    "record_dbt_results",
    "run_suites",
    "write_rules",
]
