"""How a name comes out when somebody else writes it: conventional variants, old spelling, lost tokens, titles, typing slips."""

from __future__ import annotations

from padan.synth.dice import Dice, Weighted
from padan.synth.profiles import Profile

#: Whole tokens that have conventional short or other forms.
FORMS: dict[str, tuple[str, ...]] = {
    "MUHAMMAD": ("MUHAMAD", "MOHAMMAD", "MOHAMAD", "MOCHAMAD", "MOCHAMMAD", "MUH.", "MUH", "MOH.", "MOH", "MOCH.", "MHD.", "M.", "M"),
    "AHMAD": ("ACHMAD", "AKHMAD", "AHMED", "A."),
    "ABDUL": ("ABD.", "ABD", "ABDOEL"),
    "SITI": ("ST.", "ST", "SITTI", "S."),
    "NUR": ("NOER", "NOOR", "NUUR"),
    "SRI": ("SERI", "S."),
    "DEWI": ("DEVI", "DEWY"),
    "AISYAH": ("AISAH", "AISYA", "AESYAH", "ASIYAH"),
    "FATIMAH": ("FATIMA", "PATIMAH", "FATMAH"),
    "KHADIJAH": ("KHODIJAH", "HADIJAH", "KADIJAH"),
    "YOHANES": ("JOHANES", "YOHANNES", "YOHANIS"),
    "YUSUF": ("JUSUF", "YUSUP", "YOESOEF"),
    "IBRAHIM": ("IBROHIM", "EBRAHIM"),
    "RIZKY": ("RIZKI", "RISKI", "RISKY", "RIZQI"),
    "RAHMAT": ("ROHMAT", "RACHMAT"),
    "WAYAN": ("WYN", "WYN."),
    "NYOMAN": ("NYM", "NYM."),
    "MADE": ("MD", "MD."),
    "KETUT": ("KT", "KT."),
    "ELISABET": ("ELISABETH", "ELIZABETH", "ELISABETT"),
    "MARIA": ("MARYA", "MRIA"),
}
#: Letters written another way anywhere in a token, as heard.
SOUNDS = (
    ("Y", "I"), ("I", "Y"), ("F", "P"), ("V", "F"), ("Z", "J"), ("Z", "S"), ("SY", "S"), ("KH", "H"), ("H", ""), ("Q", "K"), ("TH", "T"),
    ("DH", "D"), ("O", "U"), ("U", "O"), ("E", "I"), ("NN", "N"), ("LL", "L"), ("MM", "M"), ("TT", "T"), ("S", "Z"), ("C", "K"), ("K", "Q"),
)  # fmt: skip
OLD = (("U", "OE"), ("J", "DJ"), ("C", "TJ"), ("SY", "SJ"), ("Y", "J"), ("KH", "CH"))
NEIGHBOURS = {
    "A": "SQ", "B": "VN", "C": "XV", "D": "SF", "E": "WR", "F": "DG", "G": "FH", "H": "GJ", "I": "UO", "J": "HK", "K": "JL", "L": "KO",
    "M": "NJ", "N": "BM", "O": "IP", "P": "OL", "Q": "WA", "R": "ET", "S": "AD", "T": "RY", "U": "YI", "V": "CB", "W": "QE", "X": "ZC",
    "Y": "TU", "Z": "XS",
}  # fmt: skip
CHILD_TITLES = Weighted({"AN. {}": 4.0, "ANAK {}": 2.0, "ANANDA {}": 2.0, "ADIK {}": 1.0, "SDR. {}": 1.0, "{} (ALM)": 0.2, "RA. {}": 0.3})
ADULT_TITLES = Weighted(
    {
        "H. {}": 3.0,
        "HJ. {}": 2.5,
        "DRS. {}": 1.0,
        "{}, S.PD": 2.0,
        "{}, S.SOS": 2.0,
        "{} S.PD": 1.0,
        "IBU {}": 1.0,
        "{}, A.KS": 1.5,
        "R. {}": 0.4,
    }
)
HIDDEN = ("\u200b", "\u00a0", "\u0410")


class Speller:
    """Writes one name by one error model. `child`: which titles fit; `encodable`: the file can hold any Unicode character."""

    def __init__(self, dice: Dice, profile: Profile, *, child: bool, encodable: bool = True) -> None:
        self.dice, self.profile, self.child, self.encodable = dice, profile, child, encodable

    def write(self, name: str, father: str | None = None, sex: str = "L") -> str:
        """The name as typed; never empty, and with a right clerk just the name."""
        hit, profile = self.dice.hit, self.profile
        tokens = name.split()
        if hit(profile.variant):
            tokens = self._variant(tokens)
        if hit(profile.old_spelling):
            tokens = self._replace(tokens, OLD)
        tokens = self._tokens(tokens)
        if hit(profile.typo):
            tokens = self._typo(tokens)
            if hit(0.15):
                tokens = self._typo(tokens)
        if father and hit(profile.parent_added):
            tokens += ["BIN" if sex == "L" else "BINTI", father.split()[-1]]
        return self._dress(" ".join(tokens))

    def _dress(self, text: str) -> str:
        hit, profile = self.dice.hit, self.profile
        if hit(profile.title):
            text = self.dice.draw(CHILD_TITLES if self.child else ADULT_TITLES).format(text)
        if hit(profile.letter_case):
            text = self.dice.pick((text.title(), text.lower(), text.replace(" ", "  ", 1), text + " ", " " + text))
        if hit(profile.hidden_character) and self.encodable:
            mark = self.dice.pick(HIDDEN)
            text = text.replace("A", mark, 1) if mark == "\u0410" else text[:1] + mark + text[1:]
        return text

    def _variant(self, tokens: list[str]) -> list[str]:
        known = [place for place, token in enumerate(tokens) if token in FORMS]
        if known and self.dice.hit(0.75):
            place = self.dice.pick(known)
            return [*tokens[:place], self.dice.pick(FORMS[tokens[place]]), *tokens[place + 1 :]]
        return self._replace(tokens, SOUNDS)

    def _replace(self, tokens: list[str], rules: tuple[tuple[str, str], ...]) -> list[str]:
        fitting = [(place, old, new) for place, token in enumerate(tokens) for old, new in rules if old in token and len(token) > 3]
        if not fitting:
            return tokens
        place, old, new = self.dice.pick(fitting)
        return [*tokens[:place], tokens[place].replace(old, new, 1), *tokens[place + 1 :]]

    def _tokens(self, tokens: list[str]) -> list[str]:
        hit, profile = self.dice.hit, self.profile
        if len(tokens) < 2:
            return tokens
        if hit(profile.dropped):
            place = 0 if hit(0.2) else self.dice.between(1, len(tokens) - 1)
            tokens = [*tokens[:place], *tokens[place + 1 :]]
        elif hit(profile.swapped):
            tokens = [*tokens[1:], tokens[0]]
        elif hit(profile.initialled):
            tokens = self._initials(tokens)
        elif hit(profile.joined):
            tokens = [tokens[0] + tokens[1], *tokens[2:]]
        return tokens

    def _initials(self, tokens: list[str]) -> list[str]:
        if self.dice.hit(0.25):
            return ["".join(f"{token[0]}." for token in tokens)]
        return [tokens[0], *(f"{token[0]}." for token in tokens[1:])]

    def _typo(self, tokens: list[str]) -> list[str]:
        long = [place for place, token in enumerate(tokens) if len(token) > 2]
        if not long:
            return tokens
        place = self.dice.pick(long)
        return [*tokens[:place], slip(self.dice, tokens[place]), *tokens[place + 1 :]]


def slip(dice: Dice, word: str) -> str:
    """One slip of the keyboard: a letter dropped, doubled, swapped with the next, or its neighbour struck."""
    place, kind = dice.between(1, len(word) - 1), dice.between(1, 4)
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2:
        return word[:place] + word[place] + word[place:]
    if kind == 3 and place + 1 < len(word):
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + dice.pick(NEIGHBOURS.get(word[place], "AE")) + word[place + 1 :]
