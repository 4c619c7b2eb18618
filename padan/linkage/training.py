"""`padan train`: both models over the warehouses of one or more homes, apart from the night, into a folder to be reviewed.

Belongs here: which populations, which files. Does not belong here: any estimate (learning), what a card says (card).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from padan.config import LinkageConfig, Machine
from padan.errors import ConfigError
from padan.home import Home
from padan.linkage.card import pooled, write_card
from padan.linkage.institution_v1.definition import INSTITUTION_V1
from padan.linkage.learning import Learned, learn_institutions, learn_persons, probabilities, write_trained
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.siblings import sibling_chances
from padan.progress import Progress, quiet
from padan.register.release import Release, current_release
from padan.warehouse import attached


def train(
    homes: Sequence[Home],
    out: Path,
    config: LinkageConfig,
    machine: Machine,
    *,
    as_of: dt.date = dt.date.max,
    rulings: bool = False,
    progress: Progress = quiet,
) -> Path:
    """Train both models over the warehouses of `homes` and write `out/<model>/`: trained.json, card.json, card.md, charts.

    The homes are only read: a night may run only before or after. A trained folder is put in place by copying it to
    `padan/linkage/<model>`, after review. `as_of`: the newest release of that day is used.
    `rulings`: rulings in force are labels.

    Raises:
        ConfigError: a home has no warehouse or no built release, or no home was given.
    """
    releases = [_release(home, as_of) for home in homes]
    persons, institutions = [], []
    for home, release in zip(homes, releases, strict=True):
        with attached(home, machine) as con:
            persons.append(learn_persons(con, release.path, config.person, rulings=rulings))
            institutions.append(learn_institutions(con))
        progress(home.root.parent.name if home.root.name == "home" else home.root.name, persons[-1].records)
    siblings = sibling_chances([learned.siblings for learned in persons])
    for model, learned in ((PERSON_V1, persons), (INSTITUTION_V1, institutions)):
        folder = out / model.version
        folder.mkdir(parents=True, exist_ok=True)
        trained = probabilities(model, [one.counts for one in learned])
        write_trained(model, trained, folder / "trained.json", siblings if model is PERSON_V1 else None)
        facts = _facts(releases, learned) | (pooled([one.seen for one in learned]) if model is PERSON_V1 else {})
        write_card(folder, model, model.load(folder / "trained.json"), facts, config)
    return out


def _release(home: Home, as_of: dt.date) -> Release:
    release = current_release(home, as_of) if home.warehouse.is_file() else None
    if release is None:
        raise ConfigError(f"{home.root}: tidak ada gudang data dengan rilis DTSEN.", todo="Jalankan padan run di sana lebih dahulu.")
    return release


def _facts(releases: Sequence[Release], learned: Sequence[Learned]) -> dict[str, Any]:
    """What the card says of the training populations, numbered: a home's path is nobody's business."""
    return {
        "versi": {name: version(name) for name in ("splink", "duckdb")},
        "populasi": [
            {
                "nama": f"populasi {n}",
                "rilis": release.version.isoformat(),
                "register": release.persons,
                "catatan": one.records,
                "putusan": one.rulings,
                "putaran": one.rounds,
                "gerak": round(one.moved, 4),
            }
            for n, (release, one) in enumerate(zip(releases, learned, strict=True), start=1)
        ],
    }
