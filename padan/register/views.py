"""What the narrow tables of an index mean: the views `person` and `attribute`, and the same columns for a few fetched rows.

A night never reads a view over the whole register: it fetches rows of `person_row` and reads those (`person_sql`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from padan.register.names import WORDS
from padan.register.persons import TRAITS

#: The two spellings of a name: suffix of its column, column of `token`.
SPELLED = {"": "strict", "_longgar": "loose"}

_DISTRICT = "format('{{:02d}}.{{:02d}}.{{:02d}}', {c} // 10000, {c} // 100 % 100, {c} % 100)"

#: SQL over a row `p` of a person and the release `v`: the person's name in that release.
REGISTER_ID = "'D' || strftime(v.dtsen_versi, '%Y%m%d') || '-' || p.person_no"

#: SQL over a `register_id`: the number of the person in its release.
NUMBER_OF_ID = "CAST(split_part(register_id, '-', 2) AS INTEGER)"

_PERSON = f"""
SELECT p.person_no, {REGISTER_ID} AS register_id, p.keluarga_no,
    lpad(CAST(p.nik AS VARCHAR), 16, '0') AS nik,
    CASE WHEN coalesce(p.no_kk_lain, f.no_kk) > 0 THEN lpad(CAST(coalesce(p.no_kk_lain, f.no_kk) AS VARCHAR), 16, '0') END AS no_kk,
    p.tanggal_lahir, p.jenis_kelamin, p.hubungan_kepala, {{names}}, {{district}} AS kode_kecamatan
FROM {{rows}} p JOIN {{families}} f USING (keluarga_no) CROSS JOIN {{register}}release v {{joins}}
"""

_ATTRIBUTE = """
SELECT p.person_no, coalesce(try_cast(s.dtsen_versi AS DATE), CAST(try_strptime(s.dtsen_versi, ['%d-%m-%Y', '%d/%m/%Y']) AS DATE))
        AS dtsen_versi, f.id_keluarga, f.desil, {district} AS kode_kecamatan, left({district}, 5) AS kode_kabupaten, p.jenis_kelamin,
    p.tanggal_lahir, s.status_dtsen, p.hubungan_kepala, {traits}
FROM {rows} p JOIN {families} f USING (keluarga_no) JOIN {register}sifat s USING (sifat_no)
"""


def district_sql(code: str) -> str:
    """SQL: the dotted text of a kecamatan's six digits."""
    return _DISTRICT.format(c=code)


def words_sql(column: str, token: str, rows: str) -> tuple[str, str]:
    """JOIN clause to the words of `column` (INTEGER[] of alias p, a table `rows` of one row a person), and a template of a list of them.

    The template has one place, `{key}`: the column of `token`, or a field of it. For rows fetched beforehand: all of `rows` is read.
    """
    name = column.removeprefix("p.")
    listed = f"""SELECT person_no, list_sort(list({{'i': i, 'word': t}})) AS words
        FROM (SELECT person_no, unnest({name}[1:{WORDS}]) AS token_no, generate_subscripts({name}[1:{WORDS}], 1) AS i FROM {rows})
        JOIN {token} t USING (token_no) GROUP BY 1"""
    return (
        f"LEFT JOIN ({listed}) {name}_words ON {name}_words.person_no = p.person_no",
        f"list_transform({name}_words.words, lambda w: w.word.{{key}})",
    )


def _view_words_sql(column: str, token: str, rows: str) -> tuple[str, str]:
    """As `words_sql`, by a join a word: slower for many rows, and reads no row that a view is not asked for."""
    name = column.removeprefix("p.")
    joins = " ".join(f"LEFT JOIN {token} {name}{i} ON {name}{i}.token_no = {column}[{i}]" for i in range(1, WORDS + 1))
    words = ", ".join(f"{name}{i}.{{key}}" for i in range(1, WORDS + 1))
    return joins, f"CASE WHEN {column} IS NOT NULL THEN [{words}][1:len({column})] END"


def person_sql(
    rows: str,
    families: str,
    register: str = "",
    *,
    vocabulary: str | None = None,
    forms: Mapping[str, str] = MappingProxyType(SPELLED),
    words: Callable[[str, str, str], tuple[str, str]] = words_sql,
) -> str:
    """SELECT of the columns of `person` for `rows` (rows of person_row) and `families`; `register`: the index's catalog and a dot.

    `vocabulary`: another table of words than the index's own; `forms`: suffix of a name's column → the column of the words that it lists.
    """
    read = {name: words(f"p.{name}", vocabulary or f"{register}token", rows) for name in ("nama", "ibu")}
    return _PERSON.format(
        rows=rows,
        families=families,
        register=register,
        district=district_sql("f.kode_kecamatan"),
        joins=" ".join(joins for joins, _ in read.values()),
        names=", ".join(f"{words.format(key=key)} AS {name}{suffix}" for name, (_, words) in read.items() for suffix, key in forms.items()),
    )


def attribute_sql(rows: str, families: str, register: str = "") -> str:
    """SELECT of the columns of `attribute`, as `person_sql`."""
    traits = ", ".join(f"s.{trait}" for trait in TRAITS if trait not in ("dtsen_versi", "status_dtsen"))
    district = district_sql("f.kode_kecamatan")
    return _ATTRIBUTE.format(rows=rows, families=families, register=register, district=district, traits=traits)


def view_sql() -> list[str]:
    """Statements that create the views in an index."""
    return [
        f"CREATE VIEW person AS {person_sql('person_row', 'family', words=_view_words_sql)}",
        f"CREATE VIEW attribute AS {attribute_sql('person_row', 'family')}",
        "CREATE VIEW posting_keluarga AS SELECT CAST(keluarga_no AS BIGINT) AS key, person_no, anggota FROM family",
    ]
