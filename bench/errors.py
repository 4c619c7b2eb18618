"""How records go wrong, in SQL: what a typist, a listener and both do to a name, a date, a number. Not the normaliser's own list.

Every choice is a hash of the record's key, so that the same seed damages the same records in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_KEYS = ("QWERTYUIOPASDFGHJKLZXCVBNM", "WERTYUIOIOSDFGHJKLKXCVBNMN")

#: What is heard for what is said; a blank stands for either end of a word.
_SOUNDS = (
    ("AI", "E"), ("AU", "O"), ("IA", "IYA"), ("UA", "UWA"), ("OE", "U"), ("D ", "T "), ("T ", "D "), ("B ", "P "), ("G ", "K "),
    ("K ", " "), ("H ", " "), ("AH ", "A "), ("A ", "AH "), ("NG ", "N "), (" H", " "), (" Y", " J"), ("J", "DJ"), ("S", "Z"), ("Z", "S"),
    ("F", "P"), ("P", "F"), ("V", "F"), ("SY", "S"), ("KH", "H"), ("R", "L"), ("L", "R"), ("I", "E"), ("E", "I"), ("O", "U"), ("U", "O"),
    ("N", "NN"), ("T", "TT"), ("L", "LL"), ("LL", "L"), ("X", "KS"), ("Q", "K"), ("C", "TJ"), ("E", "EI"), ("Y", "I"), ("NI ", "NIE "),
)  # fmt: skip


@dataclass(frozen=True)
class ErrorModel:
    """Shares of records that go wrong, and how: kinds of damage to a name with their weights, one in four names damaged twice."""

    name: str
    kinds: dict[str, int]
    name_wrong: float = 0.22
    date_wrong: float = 0.06
    nik_wrong: float = 0.10
    kk_wrong: float = 0.05
    moved: float = 0.05
    sex_wrong: float = 0.005


@dataclass(frozen=True)
class Fields:
    """Shares of records that hold each field at all; the place is a regency, rarely more."""

    nik: float = 0.39
    no_kk: float = 0.25
    tanggal_lahir: float = 0.92
    nama_ibu: float = 0.23
    jenis_kelamin: float = 0.97
    kode_kabupaten: float = 1.0
    kode_kecamatan: float = 0.0
    wali: float = 0.0


_WORDS = {"hilang": 12, "tukar": 5, "inisial": 7, "gabung": 5}
TYPING = ErrorModel("typing", {"huruf": 75, **_WORDS})
HEARING = ErrorModel("hearing", {"bunyi": 75, **_WORDS})
MIXED = ErrorModel("mixed", {"huruf": 30, "bunyi": 34, "gelar": 5, "lain": 2, **_WORDS})
MODELS: dict[str, ErrorModel] = {model.name: model for model in (TYPING, HEARING, MIXED)}


def _heard() -> str:
    """The name `t` with one sound of it heard as another, once: the first of eight sounds drawn by `di` that it has."""
    said, heard = (f"[{', '.join(repr(pair[side]) for pair in _SOUNDS)}]" for side in (0, 1))
    tries = []
    for i in range(8):
        at = f"[CAST(di // {i * 131 + 1} % {len(_SOUNDS)} + 1 AS BIGINT)]"
        tries.append(f"WHEN contains(' ' || t || ' ', {said}{at}) THEN trim(regexp_replace(' ' || t || ' ', {said}{at}, {heard}{at}))")
    return f"CASE {' '.join(tries)} ELSE t END"


@dataclass(frozen=True)
class Damage:
    """SQL of the damages of one model over the records' key column `kunci`."""

    model: ErrorModel
    key: str = field(default="kunci")

    def hit(self, what: str, share: float) -> str:
        """Whether a record is one of a share."""
        return f"(acak({self.key}, '{what}') % 100000 < {round(share * 100_000)})"

    def name(self, column: str) -> str:
        """The name as written down."""
        once = self._name_once(column, f"{column}1", self.model.name_wrong)
        return self._name_once(f"({once})", f"{column}2", self.model.name_wrong / 4)

    def _name_once(self, text: str, salt: str, share: float) -> str:
        total, reached, branches = sum(self.model.kinds.values()), 0, []
        for kind, weight in self.model.kinds.items():
            reached += weight
            branches.append(f"WHEN jenis < {round(share * 100_000 * reached / total)} THEN {self._kind(kind, salt)}")
        # one-row subqueries name the text, its words and the draw, so that each is computed once
        return f"""(SELECT CASE WHEN t IS NULL THEN NULL {" ".join(branches)} ELSE t END FROM (SELECT {text} AS t,
            string_split({text}, ' ') AS w, acak({self.key}, '{salt}') % 100000 AS jenis, acak({self.key}, '{salt}', 'di') AS di))"""

    def _kind(self, kind: str, salt: str) -> str:
        at, last = "CAST(di % length(t) + 1 AS BIGINT)", "CAST(di % len(w) + 1 AS BIGINT)"
        letter = f"substr(t, {at}, 1)"
        return {
            "huruf": f"""left(t, {at} - 1)
                || CASE di // 97 % 4 WHEN 0 THEN translate({letter}, '{_KEYS[0]}', '{_KEYS[1]}') WHEN 1 THEN ''
                WHEN 2 THEN {letter} || {letter} ELSE substr(t, {at} + 1, 1) || {letter} END
                || substr(t, {at} + CASE WHEN di // 97 % 4 = 3 THEN 2 ELSE 1 END)""",
            "bunyi": _heard(),
            "hilang": f"CASE WHEN len(w) = 1 THEN t ELSE array_to_string(list_filter(w, lambda _, i: i <> {last}), ' ') END",
            "tukar": "array_to_string(list_concat(w[2:], w[:1]), ' ')",
            "inisial": f"""CASE WHEN len(w) = 1 THEN t ELSE array_to_string(list_transform(w, lambda x, i:
                CASE WHEN i = {last} THEN left(x, 1)
                ELSE x END), ' ') END""",
            "gabung": "replace(t, ' ', '')",
            "gelar": "['HJ ', 'H. ', 'ANANDA ', 'SDR. ', 'ALM. '][CAST(di % 5 + 1 AS BIGINT)] || t",
            "lain": "(SELECT any_value(kata) FROM kata WHERE kunci = CAST(di % 9000 AS INTEGER))",
        }[kind]

    def day(self, column: str) -> str:
        """The birth date as written down: day and month swapped, a year, a month or a digit off, or 1 January."""
        kind = f"acak({self.key}, 'tanggal') % 100000 * 100 // {max(1, round(self.model.date_wrong * 100_000))}"
        return f"""CASE WHEN {kind} < 30 THEN coalesce(try_cast(strftime({column}, '%Y-%d-%m') AS DATE), {column})
            WHEN {kind} < 45 THEN CAST({column} + INTERVAL 1 YEAR AS DATE) WHEN {kind} < 60 THEN CAST({column} - INTERVAL 1 YEAR AS DATE)
            WHEN {kind} < 75 THEN CAST({column} + INTERVAL 1 MONTH AS DATE)
            WHEN {kind} < 90 THEN {column} - CAST(day({column}) AS INTEGER) + CAST((day({column}) + 9) % 28 + 1 AS INTEGER)
            WHEN {kind} < 100 THEN make_date(year({column}), 1, 1) ELSE {column} END"""

    def nik(self, own: str, relative: str) -> str:
        """The NIK as written down: a digit off, neighbours swapped, the head's or another member's, or anybody's."""
        wrong, at = self.hit("nik", self.model.nik_wrong), f"CAST(acak({self.key}, 'digit') % 15 + 1 AS BIGINT)"
        return f"""CASE WHEN NOT {wrong} THEN {own} ELSE CASE acak({self.key}, 'nik salah') % 100 // 10
            WHEN 0 THEN {relative} WHEN 1 THEN {relative} WHEN 2 THEN {relative}
            WHEN 3 THEN left({own}, 12) || lpad(CAST(acak({self.key}, 'acak') % 9998 + 1 AS VARCHAR), 4, '0')
            WHEN 4 THEN left({own}, {at} - 1) || substr({own}, {at} + 1, 1) || substr({own}, {at}, 1) || substr({own}, {at} + 2)
            WHEN 5 THEN left({own}, {at} - 1) || substr({own}, {at} + 1, 1) || substr({own}, {at}, 1) || substr({own}, {at} + 2)
            ELSE left({own}, {at} - 1) || CAST((CAST(substr({own}, {at}, 1) AS INTEGER) + 1 + acak({self.key}, 'beda') % 9) % 10 AS VARCHAR)
                || substr({own}, {at} + 1) END END"""
