"""Words of names for registers of any size: common words first, then words composed as Javanese and Malay names are.

A register of hundreds of millions holds some ten thousand words a sex; with a few hundred, every block would be absurd.
"""

from __future__ import annotations

import hashlib
from itertools import product

import duckdb

from padan.synth.vocabulary import BALI_FEMALE, BALI_MALE, CULTURE, FEMALE, LAST, MALE, MARGA

#: Words of each kind: given names of men and women, last words of men and women.
GIVEN, LAST_WORDS = 10_000, 10_000

#: Kinds of word: its number times a million plus the rank of a word is the key of table `kata`.
KIND = {"given_L": 0, "given_P": 1, "last_L": 2, "last_P": 3, "first_L": 4, "first_P": 5, "bali_L": 6, "bali_P": 7}
CLANS = tuple(sorted(MARGA))
KIND |= {people: 10 + i for i, people in enumerate(CLANS)}

_FIRST = {"L": "MUHAMMAD MUHAMAD AHMAD MOCHAMAD ABDUL MOHAMMAD", "P": "SITI NUR SRI DEWI PUTRI RATNA"}

_SYLLABLES = {
    "L": (
        "SU HAR PUR WAR SAR MAR DAR KAR SUM SUP SUK SUT SUG PRA TAR WIR JAR KUS NGA MUL RUS SAM BAS YUL HER RAH FAR ZUL SYA AR IR BUR "
        "JUN LAM MUR NAS RAM SAL TAM UST",
        "A DI TI GI NI KI SI MI LI RI DA MA RO NA",
        "ONO ANTO YADI MAN WAN TO NO JO YONO SAN DIN LAN FIN SYAH TA RUDIN ULLAH RIL RIAN DRA",
    ),
    "P": (
        "SU SUM MAR KAR DAR SAR PAR RUM TUM JUM WAR KAS RAS MUR NUR LAS RUS MUS HAR PUR YUL ERN ROS RAT FIT LEL MAL NOV OKT RIS SEP TRI "
        "VIN WID YES ZUB IND HEN JAM LUS",
        "I A DI TI NI YA MI LI RI DA MA RO NA LA",
        "WATI NINGSIH YANI YATI NI NAH SARI SIH LESTARI TIN LIA NA LINA RIA NTI SIAH DEWI TA TUN LAH",
    ),
}


def _common(origins: dict[str, str]) -> list[str]:
    """Words of all origins in turn, each origin as often as it has words."""
    ranked = [(i / len(words), word) for words in (text.split() for text in origins.values()) for i, word in enumerate(words)]
    return [word for _, word in sorted(ranked)]


def _composed(sex: str) -> list[str]:
    """Words of three syllables, shuffled once and for all: neighbours in spelling are not neighbours in frequency."""
    words = {"".join(parts) for parts in product(*(text.split() for text in _SYLLABLES[sex]))}
    return sorted(words, key=lambda word: hashlib.md5(word.encode()).hexdigest())


def _words() -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for sex, common, bali in (("L", MALE, BALI_MALE), ("P", FEMALE, BALI_FEMALE)):
        composed = _composed(sex)
        words[f"given_{sex}"] = list(dict.fromkeys(_common(common) + composed))[:GIVEN]
        words[f"last_{sex}"] = list(dict.fromkeys(LAST[sex].split() + composed[::-1]))[:LAST_WORDS]
        words[f"first_{sex}"] = _FIRST[sex].split()
        words[f"bali_{sex}"] = list(bali)
    return words | {people: MARGA[people].split() for people in CLANS}


def load_words(con: duckdb.DuckDBPyConnection) -> None:
    """Make `kata(kunci, kata)`: one row a word, kunci = kind × 1,000,000 + rank from 0; and `jumlah(jenis, n)`: words a kind."""
    words = _words()
    con.execute("CREATE OR REPLACE TEMP TABLE kata (kunci INTEGER, kata VARCHAR)")
    for kind, listed in words.items():
        con.execute(f"INSERT INTO kata SELECT {KIND[kind]} * 1000000 + i - 1, w FROM (SELECT unnest(?) AS w, unnest(range(1, ?)) AS i)",
                    [listed, len(listed) + 1])  # fmt: skip
    con.execute("CREATE OR REPLACE TEMP TABLE jumlah AS SELECT kunci // 1000000 AS jenis, count(*) AS n FROM kata GROUP BY 1")


def peoples() -> dict[str, int]:
    """Province code → the kind of its clan names, for the provinces whose children carry one."""
    return {province: KIND[people] for province, people in CULTURE.items() if people in CLANS}
