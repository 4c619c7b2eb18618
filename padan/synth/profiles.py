"""Error models: how clerks err, by name. Linkage is judged on several, so that it is not tuned to one.

`tanpa` only leaves cells empty, `bersih` hardly errs, `biasa` is an ordinary office, `berat` a bad one; `ketik` errs with the keyboard
(letters and digits), `lisan` writes
down what it hears on the telephone (spelling variants, half names, ages instead of dates). Shares are of records unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from padan.errors import ConfigError


@dataclass(frozen=True)
class Profile:
    """Shares of records with each defect; `missing` multiplies the shares of empty cells that a feed has (`MISSING`)."""

    name: str
    typo: float = 0.07
    variant: float = 0.085
    old_spelling: float = 0.02
    dropped: float = 0.055
    swapped: float = 0.025
    initialled: float = 0.022
    joined: float = 0.01
    title: float = 0.022
    parent_added: float = 0.012
    letter_case: float = 0.04
    born_swapped: float = 0.02
    born_year_off: float = 0.02
    born_digit: float = 0.018
    born_first_january: float = 0.03
    born_impossible: float = 0.002
    born_year_only: float = 0.004
    nik_digit: float = 0.045
    nik_neighbours: float = 0.012
    nik_parent: float = 0.03
    nik_placeholder: float = 0.008
    nik_shape: float = 0.012
    nik_scientific: float = 0.012
    nik_number: float = 0.07
    kk_old: float = 0.06
    kk_digit: float = 0.02
    sex_missing: float = 0.02
    sex_wrong: float = 0.006
    moved: float = 0.045
    hidden_character: float = 0.0015
    row_defect: float = 0.002
    missing: float = 1.0

    def times(self, name: str, factor: float, **other: float) -> Profile:
        """The same profile with every share multiplied (missing cells apart), and some set."""
        shares = {key: min(0.5, value * factor) for key, value in vars(self).items() if key not in ("name", "missing")}
        return replace(self, name=name, **{**shares, **other})


BIASA = Profile("biasa")
PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        BIASA,
        BIASA.times("tanpa", 0.0),
        BIASA.times("bersih", 0.12, missing=0.8),
        BIASA.times("berat", 2.0, missing=1.15),
        BIASA.times(
            "ketik", 0.5, typo=0.20, born_digit=0.06, nik_digit=0.12, nik_neighbours=0.04, joined=0.03, kk_digit=0.06, letter_case=0.10
        ),
        BIASA.times(
            "lisan", 0.4, variant=0.24, old_spelling=0.06, dropped=0.14, initialled=0.04, parent_added=0.03, born_first_january=0.09,
            born_year_off=0.05, born_year_only=0.03, nik_parent=0.06, missing=1.2,
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """Shares of empty cells in a feed."""

    nik: float
    born: float
    kk: float = 0.0
    mother: float = 0.0
    quote: float = 0.0


MISSING: dict[str, Missing] = {
    "kemensos/pkh": Missing(nik=0.11, born=0.02, kk=0.01, quote=0.28),
    "kemensos/yapi": Missing(nik=0.33, born=0.08),
    "kemensos/atensi": Missing(nik=0.43, born=0.10),
    "kemensos/ppks": Missing(nik=0.38, born=0.09, kk=0.72),
    "kemensos/lksa_anak": Missing(nik=0.40, born=0.06, mother=0.40, quote=0.03),
    "kemensos/peksos": Missing(nik=0.07, born=0.04),
    "kpai/pengaduan": Missing(nik=0.74, born=0.21, kk=0.74, mother=0.40),
    "ditjenpas/abh": Missing(nik=0.41, born=0.07),
}


def profile_of(name: str) -> Profile:
    """The error model of that name.

    Raises:
        ConfigError: there is none.
    """
    if name not in PROFILES:
        raise ConfigError(f"model kesalahan tidak dikenal: {name}", todo=f"pilih salah satu: {', '.join(PROFILES)}")
    return PROFILES[name]
