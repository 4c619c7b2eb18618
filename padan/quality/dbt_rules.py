"""dbt's tests as rules: what each asks and counts, in Indonesian, from the manifest; a test of our own says so in its `meta`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from padan.quality.rules import Rule, rule

#: DAMA dimension of dbt's own tests; any other test states it in `meta: {dimension: ...}`.
DIMENSION = {
    "not_null": "completeness",
    "unique": "uniqueness",
    "unique_combination": "uniqueness",
    "relationships": "consistency",
    "accepted_values": "validity",
}


def dbt_rule(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> Rule:
    """The rule that a test node stands for."""
    table = tested_table(node, manifest)
    meta = {**node.get("meta", {}), **node["config"].get("meta", {})}
    kind = (node.get("test_metadata") or {}).get("name", "")
    question, counts = _words(kind, node, table, meta)
    codes = kind in ("accepted_values", "relationships") or table.startswith("codes.")
    return rule(
        str(node["name"]),
        table,
        str(meta.get("dimension") or DIMENSION.get(kind, "validity")),
        question,
        counts,
        tool="dbt",
        blocking=str(node["config"].get("severity", "ERROR")).upper() == "ERROR",
        iso25012="compliance" if codes else "",
        sdi="kode referensi dan data induk" if codes else "",
    )


def tested_table(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
    """`schema.table` of the model that the test is attached to, else what its meta says, else the last one that it reads."""
    stated = {**node.get("meta", {}), **node["config"].get("meta", {})}.get("tabel")
    if stated:
        return str(stated)
    reads = node["depends_on"]["nodes"]
    tested = node.get("attached_node") or (reads[-1] if reads else None)
    found = manifest["nodes"].get(tested) or manifest["sources"].get(tested)
    if found is None:
        return "dbt"
    return f"{found['schema']}.{found.get('alias') or found.get('identifier') or found['name']}"


def _words(kind: str, node: Mapping[str, Any], table: str, meta: Mapping[str, Any]) -> tuple[str, str]:
    asked = (node.get("test_metadata") or {}).get("kwargs", {})
    column = asked.get("column_name") or node.get("column_name") or ""
    rows = f"dari baris {table}"
    if kind == "not_null":
        return f"Kolom {column} selalu terisi.", f"baris tanpa {column}, {rows}"
    if kind == "unique":
        return f"Setiap {column} hanya pada satu baris.", f"{column} yang ada pada lebih dari satu baris, {rows}"
    if kind == "accepted_values":
        return f"Kolom {column} hanya berisi {', '.join(map(str, asked.get('values', [])))}.", f"nilai {column} di luar daftar, {rows}"
    if kind == "relationships":
        known = f"{str(asked.get('to', '')).split(chr(39))[1::2][-1:] or ['']}".strip("[]'")
        return f"Setiap {column} dikenal oleh {known}.{asked.get('field', '')}.", f"baris dengan {column} yang tidak dikenal, {rows}"
    return str(meta.get("tentang") or node["name"]), str(meta.get("menghitung") or f"baris yang melanggar, {rows}")
