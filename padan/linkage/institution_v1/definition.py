"""The structure of the institution model: an LKS as it is named in a visit, a complaint or a resident's row.

By hand and reviewed; probabilities are in trained.json. An institution's name is a kind (PANTI ASUHAN, PSAA, YAYASAN),
a core that many share (AL HIKMAH, AISYIYAH) and sometimes a number: the regency tells those of one name apart.
"""

from __future__ import annotations

import duckdb

from padan.linkage.model import Comparison, Level, Model

_KINDS = {
    "PANTI": "PANTI ASUHAN YATIM PIATU|PANTI ASUHAN ANAK|PANTI ASUHAN|PANTI|PA|P A",
    "PSAA": "PANTI SOSIAL ASUHAN ANAK|PSAA|P S A A",
    "LKSA": "LEMBAGA KESEJAHTERAAN SOSIAL ANAK|LEMBAGA KESEJAHTERAAN SOSIAL|LKSA|L K S A|LKS",
    "YAYASAN": "YAYASAN|YYS|YAY",
    "RUMAH": "RUMAH ASUH|RUMAH YATIM|RUMAH PIATU",
}
_ALL_KINDS = "|".join(sorted("|".join(_KINDS.values()).split("|"), key=len, reverse=True))

_MACROS = (
    "lks_plain(raw) AS trim(regexp_replace(upper(strip_accents(raw)), '[^A-Z0-9]+', ' ', 'g'))",
    f"lks_kind_text(plain) AS regexp_extract(plain, '^({_ALL_KINDS})( |$)', 1)",
    "lks_kind(plain) AS CASE "
    + " ".join(f"WHEN regexp_full_match(lks_kind_text(plain), '{words}') THEN '{kind}'" for kind, words in _KINDS.items())
    + " END",
    "lks_number(plain) AS nullif(ltrim(regexp_extract(plain, ' (NO |NOMOR )?([0-9]+)$', 2), '0'), '')",
    # SANTO and SANTA are abbreviated alike, and unlike SITI
    f"""lks_core(plain) AS regexp_replace(regexp_replace(trim(regexp_replace(regexp_replace(plain, ' (NO |NOMOR )?[0-9]+$', ''),
        '^(({_ALL_KINDS})( |$))+', '')), '^ST ', 'SANTO '), '^SANTA ', 'SANTO ')""",
    """core_level(l, r, text_l, text_r, loose_l, loose_r, joined_l, joined_r) AS
        CASE name_level(l, r, text_l, text_r, loose_l, loose_r, joined_l, joined_r)
        WHEN 14 THEN 6 WHEN 13 THEN 5 WHEN 6 THEN 4 WHEN 5 THEN 2 WHEN 4 THEN 2 WHEN 3 THEN 2 WHEN 2 THEN 2 WHEN 1 THEN 1 ELSE 3 END""",
)

COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "no_td",
        "nomor tanda daftar",
        "no_td_l IS NULL OR no_td_r IS NULL",
        "CASE WHEN no_td_l = no_td_r THEN 3 WHEN damerau_levenshtein(no_td_l, no_td_r) = 1 THEN 2 ELSE 1 END",
        (Level(3, "sama"), Level(2, "satu tanda beda"), Level(1, "beda")),
        per_register=((3, 0.02), (2, 4.0)),
    ),
    Comparison(
        "inti",
        "nama inti",
        "inti_l IS NULL OR inti_r IS NULL",
        "core_level(inti_kata_l, inti_kata_r, inti_l, inti_r, inti_longgar_l, inti_longgar_r, inti_rapat_l, inti_rapat_r)",
        (
            Level(6, "kata sama", tf="inti"),
            Level(5, "bunyi sama", tf="inti"),
            Level(4, "salah ketik"),
            Level(3, "kata pendek termuat"),
            Level(2, "sebagian kata"),
            Level(1, "beda"),
        ),
    ),
    Comparison(
        "nomor",
        "angka pada nama",
        "nomor_l IS NULL AND nomor_r IS NULL",
        "CASE WHEN nomor_l = nomor_r THEN 3 WHEN nomor_l IS NULL OR nomor_r IS NULL THEN 2 ELSE 1 END",
        (Level(3, "sama"), Level(2, "hanya satu bernomor"), Level(1, "beda")),
    ),
    Comparison(
        "sebutan",
        "sebutan (panti, PSAA, yayasan)",
        "sebutan_l IS NULL OR sebutan_r IS NULL",
        "CASE WHEN sebutan_l = sebutan_r THEN 2 ELSE 1 END",
        (Level(2, "sama"), Level(1, "beda")),
    ),
    Comparison(
        "jenis",
        "jenis LKS",
        "jenis_l IS NULL OR jenis_r IS NULL",
        "CASE WHEN jenis_l = jenis_r THEN 2 ELSE 1 END",
        (Level(2, "sama"), Level(1, "beda")),
    ),
    Comparison(
        "kabupaten",
        "kabupaten",
        "kode_kabupaten_l IS NULL OR kode_kabupaten_r IS NULL",
        "kabupaten_level(kode_kabupaten_l, kode_kabupaten_r, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR))",
        (Level(3, "sama", tf="kode_kabupaten"), Level(2, "provinsi sama"), Level(1, "beda")),
    ),
)

INSTITUTION_V1 = Model(
    "institution_v1", COMPARISONS, {"inti": "linkage_work.main.frequency_inti", "kode_kabupaten": "linkage_work.main.frequency_kab"}
)


def create_institution_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Temporary macros that read an institution's name; `levels` must be there (core_level calls name_level)."""
    for macro in _MACROS:
        con.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")
