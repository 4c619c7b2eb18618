"""Which person each record is, and which institution each mention names."""

from collections.abc import Iterator

import dagster as dg

from assets.checks import check, spec
from padan.linkage import RULES_IN, RULES_OUT, check_input, check_output, link_institutions, link_persons
from padan.night import Night
from padan.register import current_release

DECISION = dg.AssetKey(["link", "decision"])
REGISTER_KEY = dg.AssetKey(["link", "register_key"])
REGISTER_PERSON = dg.AssetKey(["link", "register_person"])
INSTITUTION = dg.AssetKey(["link", "institution_decision"])
STANDARDIZED = dg.AssetKey(["intermediate", "int_person__standardized"])
NAMED = dg.AssetKey(["intermediate", "int_institution__named"])
LKS = dg.AssetKey(["staging", "stg_kemensos__lks"])
