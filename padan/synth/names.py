"""How a person of the synthetic population is called: one string, no surname, by origin and sex."""

from __future__ import annotations

from padan.synth.dice import Dice, Weighted
from padan.synth.vocabulary import ABDUL, BALI_FEMALE, BALI_LAST, BALI_MALE, FEMALE, LAST, MALE, MARGA, ORIGINS

MONONYM = 0.10
GIVEN = {
    "L": {origin: Weighted.zipf(tokens.split()) for origin, tokens in MALE.items()},
    "P": {origin: Weighted.zipf(tokens.split()) for origin, tokens in FEMALE.items()},
}
FAMILY_NAME = {people: Weighted.zipf(tokens.split(), shift=10) for people, tokens in MARGA.items()}
ENDING = {sex: Weighted.zipf(tokens.split(), shift=10) for sex, tokens in LAST.items()}
BALI = {"L": Weighted.zipf(BALI_MALE), "P": Weighted.zipf(BALI_FEMALE)}
BALI_ENDING = {sex: Weighted.zipf(tokens.split()) for sex, tokens in BALI_LAST.items()}
SERVANT_OF = Weighted.zipf(ABDUL.split())
ORIGIN = {people: Weighted(shares) for people, shares in ORIGINS.items()}
#: Peoples where a child carries the father's clan name; elsewhere a family name is rare.
CLANS = frozenset({"batak", "minahasa", "maluku", "ntt", "papua", "bugis"})


def family_name(dice: Dice, people: str) -> str | None:
    """The clan name that a family hands down, or None where there is none."""
    if people not in CLANS or dice.hit(0.75 if people == "bugis" else 0.08):
        return None
    return dice.draw(FAMILY_NAME[people])


def full_name(dice: Dice, people: str, sex: str, clan: str | None = None, father: str | None = None) -> str:
    """A full name: one token in ten cases, else two or three, with the clan or the father's last token where that is usual."""
    if people == "bali" and dice.hit(0.8):
        return f"{dice.draw(BALI[sex])} {dice.draw(BALI_ENDING[sex])}"
    tokens = _given(dice, people, sex)
    if clan is not None:
        if dice.hit(0.25):
            tokens += _given(dice, people, sex)
        return " ".join([*_distinct(tokens), clan])
    if dice.hit(MONONYM):
        return tokens[0]
    if dice.hit(0.40):
        tokens += _given(dice, people, sex)
    if father is not None and dice.hit(0.12):
        tokens.append(father.split()[-1])
    elif len(tokens) < 2 or dice.hit(0.45):
        tokens.append(dice.draw(ENDING[sex]))
    return " ".join(_distinct(tokens))


def twin_name(dice: Dice, people: str, sex: str, sibling: str, clan: str | None) -> str:
    """A twin's name, often the sibling's with another last token: the hardest pair to tell apart."""
    if not dice.hit(0.6):
        return full_name(dice, people, sex, clan)
    first = sibling.split()[0]
    rest = _given(dice, people, sex)
    return " ".join(_distinct([first, *rest, *([clan] if clan else [])]))


def _given(dice: Dice, people: str, sex: str) -> list[str]:
    token = dice.draw(GIVEN[sex][dice.draw(ORIGIN[people])])
    return [token, dice.draw(SERVANT_OF)] if token == "ABDUL" else [token]  # noqa: S105 (a name, no password)


def _distinct(tokens: list[str]) -> list[str]:
    return list(dict.fromkeys(tokens))
