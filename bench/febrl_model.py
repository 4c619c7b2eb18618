"""A model for FEBRL's Australian persons, in the vocabulary of padan.linkage.model: two names, address, date, an ID number."""

from __future__ import annotations

from padan.linkage.model import Comparison, Level, Model

#: Columns of the model tables, from the public set's own.
COLUMNS = """
SELECT rec_id AS unique_id, replace(given_name, ' ', '') AS given, replace(surname, ' ', '') AS surname, street_number AS number,
    replace(address_1, ' ', '') AS street, replace(address_2, ' ', '') AS house, replace(suburb, ' ', '') AS suburb, postcode, state,
    date_of_birth AS born, soc_sec_id AS ssn, left(given_name, 1) || left(surname, 1) AS initials FROM {source}
"""


def _text(name: str, title: str, other: str | None = None, tf: bool = True) -> Comparison:
    """A text: equal, nearly, roughly, or found in the column `other` of the other row (fields are swapped), else different."""
    near = f"jaro_winkler_similarity({name}_l, {name}_r)"
    typed = f"damerau_levenshtein({name}_l, {name}_r) <= 1"
    swapped = f"WHEN {name}_l = {other}_r OR {other}_l = {name}_r THEN 2 " if other else ""
    return Comparison(
        name,
        title,
        f"{name}_l IS NULL OR {name}_r IS NULL",
        f"CASE WHEN {name}_l = {name}_r THEN 5 WHEN {typed} THEN 4 WHEN {near} >= 0.88 THEN 3 {swapped}ELSE 1 END",
        (
            Level(5, "equal", name if tf else None),
            Level(4, "one letter"),
            Level(3, "alike"),
            Level(2, "swapped"),
            Level(1, "different"),
        ),
    )


def _number(name: str, title: str) -> Comparison:
    """Digits: equal, one typing error, two, else different."""
    edits = f"damerau_levenshtein({name}_l, {name}_r)"
    return Comparison(
        name,
        title,
        f"{name}_l IS NULL OR {name}_r IS NULL",
        f"CASE WHEN {name}_l = {name}_r THEN 4 WHEN {edits} = 1 THEN 3 WHEN {edits} = 2 THEN 2 ELSE 1 END",
        (Level(4, "equal"), Level(3, "one digit"), Level(2, "two digits"), Level(1, "different")),
    )


def febrl_model(*, ssn: bool) -> Model:
    """The model with or without the ID number."""
    comparisons = (
        _text("given", "given name", "surname"),
        _text("surname", "surname", "given"),
        _number("number", "street number"),
        _text("street", "street", "house"),
        _text("house", "house or place", "street"),
        _text("suburb", "suburb", "postcode"),
        _number("postcode", "postcode"),
        _text("state", "state", tf=False),
        _number("born", "birth date"),
        *((_number("ssn", "ID number"),) if ssn else ()),
    )
    return Model(
        "febrl",
        comparisons,
        {column: f"frequency_{column}" for column in ("given", "surname", "street", "house", "suburb")},
    )


#: Blocking: equal values of any of these.
BLOCKS = (
    "given || surname", "born", "street", "house || initials", "postcode || left(given, 1)", "postcode || left(surname, 1)",
    "number || postcode", "left(given, 3) || left(surname, 3)", "suburb || left(given, 2)", "suburb || left(surname, 2)",
    "left(born, 6) || initials", "house || left(surname, 3)", "house || left(given, 3)", "number || state || left(suburb, 3)",
    "surname || left(given, 1)", "given || left(surname, 1)",
)  # fmt: skip
#: The two names swapped: left side, right side.
SWAPPED = ("given || surname", "surname || given")
