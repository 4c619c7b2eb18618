"""The register (DTSEN) of a quarter, as its two tables; and what a quarter changes in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from padan.synth.dates import misremembered
from padan.synth.dice import Dice
from padan.synth.names import full_name
from padan.synth.population import ANAK, KEPALA, Family, Person, Population, birthday
from padan.synth.profiles import Profile
from padan.synth.spelling import Speller

#: Share of persons whose register name, or birth day, is not quite theirs.
REGISTER_NAME, REGISTER_BORN = 0.015, 0.006


def misregister(population: Population, seed: int, profile: Profile, since: int = 0) -> None:
    """Let the register, too, err a little about persons numbered after `since`."""
    share = min(2.0, profile.typo / 0.07)
    for person in population.persons[since:]:
        dice = Dice(seed, profile.name, "register", person.number)
        if dice.hit(REGISTER_NAME * share):
            careless = Profile("register", typo=0.5, variant=0.5, title=0, initialled=0, hidden_character=0, letter_case=0)
            person.register_name = Speller(dice, careless, child=True).write(person.name)
        if dice.hit(REGISTER_BORN * share):
            person.register_born = misremembered(dice, person.born, Profile("register", born_digit=0.8))


def anggota(population: Population, release: dt.date) -> dict[str, list[Any]]:
    """Columns of `dtsen/anggota`: one row a person that the register holds, in family order."""
    people = [p for family in population.families for p in family.members if p.in_register and p.alive]
    columns: dict[str, list[Any]] = {
        "dtsen_versi": [release.isoformat()] * len(people),
        "nik": [p.register_nik for p in people],
        "id_keluarga": [p.family.id_keluarga for p in people],
        "no_kk": [p.family.no_kk for p in people],
        "nama": [p.register_name for p in people],
        "tempat_lahir": [p.place for p in people],
        "tanggal_lahir": [p.register_born for p in people],
        "jenis_kelamin": [1 if p.sex == "L" else 2 for p in people],
        "hubungan_kepala": [p.relation for p in people],
        "status_perkawinan": [p.married for p in people],
        "nama_ibu": [p.mother for p in people],
        "partisipasi_sekolah": [p.school for p in people],
        "disabilitas": [int(p.disabled) for p in people],
        "pbi": [p.pbi for p in people],
        "status_dtsen": [p.status for p in people],
    }
    for place, name in enumerate(("penglihatan", "pendengaran", "berjalan", "belajar", "perilaku")):
        columns[name] = [p.difficulty[place] for p in people]
    return columns


def keluarga(population: Population, release: dt.date) -> dict[str, list[Any]]:
    """Columns of `dtsen/keluarga`: one row a family with at least one member in the register."""
    held = [(f, [p for p in f.members if p.in_register and p.alive]) for f in population.families]
    rows = [(family, members) for family, members in held if members]
    return {
        "dtsen_versi": [release.isoformat()] * len(rows),
        "id_keluarga": [f.id_keluarga for f, _ in rows],
        "no_kk": [f.no_kk for f, _ in rows],
        "nama_kepala": [next((p.register_name for p in members if p.relation == KEPALA), None) for _, members in rows],
        "kode_kecamatan": [f.kecamatan for f, _ in rows],
        "alamat": [f.alamat for f, _ in rows],
        "rt": [f.rt for f, _ in rows],
        "rw": [f.rw for f, _ in rows],
        "jumlah_anggota": [len(members) for _, members in rows],
        "lantai": [f.lantai for f, _ in rows],
        "daya": [f.daya for f, _ in rows],
        "desil": [f.desil for f, _ in rows],
    }


def next_quarter(population: Population, seed: int, release: dt.date) -> None:
    """A quarter passes: families move and get other desils and keys, children are born and change families, people die, enter, leave."""
    population.today = release
    dice = Dice(seed, "quarter", release)
    for family in list(population.families):
        _family_changes(population, dice, family)
        _members_change(dice, family)
        mother = next((p for p in family.members if p.relation <= 2 and p.sex == "P" and p.alive and p.age(release) < 42), None)
        if mother is not None and dice.hit(0.022):
            _birth(population, dice, family, mother, release)
        elif len(family.members) > 2 and dice.hit(0.004):
            _fostered_out(population, dice, family)


def _family_changes(population: Population, dice: Dice, family: Family) -> None:
    if dice.hit(0.12):
        family.desil = max(1, min(10, family.desil + dice.pick((-2, -1, -1, 1, 1, 2))))
    if dice.hit(0.018):
        regency = family.regency if dice.hit(0.6) else dice.draw(population.regions.table)
        family.kecamatan = population.regions.district(dice, regency)
        family.alamat, family.old_kk = f"JL PINDAHAN {dice.between(1, 199)}", family.no_kk
        family.no_kk = population.identifiers.kk(dice, family.kecamatan, population.today)
    if dice.hit(0.02):
        family.id_keluarga = f"K-9{family.number:07d}"


def _members_change(dice: Dice, family: Family) -> None:
    for person in family.members:
        if not person.alive:
            continue
        if dice.hit(0.0006 if person.relation > 2 else 0.0025):
            person.alive = False
        elif dice.hit(0.006):
            person.in_register = not person.in_register
        elif not person.in_register and dice.hit(0.05):
            person.in_register = True
        elif person.register_nik != person.nik and dice.hit(0.2):
            person.register_nik = person.nik


def _birth(population: Population, dice: Dice, family: Family, mother: Person, release: dt.date) -> None:
    sex = "L" if dice.hit(0.51) else "P"
    father = next((p.name for p in family.members if p.relation == KEPALA and p.sex == "L"), None)
    born = birthday(dice, release.year + 1, release)
    population.person(
        dice, family, full_name(dice, family.people, sex, None, father), sex, born, ANAK, dice.hit(0.3), mother.name, father, carer=mother
    )


def _fostered_out(population: Population, dice: Dice, family: Family) -> None:
    """A child moves in with another family: the same human with the same NIK, in another family of the register."""
    child = next((p for p in family.members if p.relation == ANAK and p.alive), None)
    other = dice.pick(population.families)
    if child is None or other is family or not other.members:
        return
    family.members.remove(child)
    other.members.append(child)
    child.family, child.relation, child.carer = other, 8, other.members[0]
