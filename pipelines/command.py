"""What `padan run` and `padan demo` do around the job: lock, nothing-new, clean-up of dead runs, summary, exit code.

Dagster is imported only once there is something to do: a second run on the same landing answers in a second.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path

from padan import journal
from padan.access import require_closed
from padan.alerts import tell
from padan.config import load_padan
from padan.errors import InputRefused
from padan.home import Home
from padan.ledger import Attempt, last_night
from padan.lock import single_writer
from padan.night import Night
from padan.operations.at_rest import require_encrypted
from padan.operations.backup import back_up_before_night, remember
from padan.processes import ended_after
from padan.summary import summarize
from padan.upgrade import upgrade
from pipelines.clock import today
from pipelines.nothing_new import stopped, unchanged

PROJECT = Path(__file__).resolve().parents[1]
EXAMPLE = "demo"


def say(text: str) -> None:
    """One line for the operator, on stderr: stdout is the summary's."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def run_night(home: Home, landing: Path, as_of: dt.date, *, debug: bool = False, whole: bool = False) -> int:
    """Run the nightly job over `landing` as of a day; returns the exit code (0, 2 refused input, 3 held, 1 defect).

    A night that stopped on the same basis is gone on with; `whole`: every step is run, also where nothing is new.

    Raises:
        InputRefused: there is no landing folder.
        Locked: another night is at work.
    """
    if not landing.is_dir():
        raise InputRefused("landing_tidak_ada", f"folder kiriman {landing} tidak ada.", todo="Periksa --landing.")
    started = time.monotonic()
    config = load_padan(PROJECT / "config")
    require_closed(home, config.access)
    require_encrypted(home, config.encryption)
    home.prepare()
    with single_writer(home.lock):
        night = Night(home=home, project=PROJECT, landing=landing, as_of=as_of, run_id=str(uuid.uuid4()))
        done = None if whole else unchanged(night)
        if done is not None:
            say(f"Tidak ada yang baru sejak malam {done.run_id[:8]} ({time.monotonic() - started:.1f} detik); tidak ada yang diubah.")
            sys.stdout.write(summarize(night.home, night.config, done.run_id))
            return done.exit_code or 0
        attempt = None if whole else stopped(night)
        _check_settings(_named(night, attempt))
        _back_up(night)
        night = execute(night, attempt, debug=debug)
        with night.warehouse(read_only=True) as con:
            ended = last_night(con)
        sys.stdout.write(summarize(night.home, night.config, night.run_id))
        code = ended.exit_code if ended and ended.run_id == night.run_id and ended.exit_code is not None else 1
        if code == 1 and ended and ended.status == "published":
            say(
                "Terbitan malam ini berlaku, tetapi laporan, bukti, atau daftar kembali gagal (✗ di atas; logs/padan.jsonl). Jalankan lagi."
            )
        say(f"Selesai dalam {time.monotonic() - started:.0f} detik.")
        return code


def _check_settings(night: Night) -> None:
    """What an operator wrote is judged before anything runs.

    Raises:
        ConfigError: a setting is unknown or out of bounds, or a waiver names no rule or is its owner's own.
    """
    from pipelines.finish import prepare_rules

    with night.warehouse() as con:
        upgrade(con)
        prepare_rules(con, night)


def _back_up(night: Night) -> None:
    """A copy of how things stand, where the settings ask for one: what the night does can then be undone."""
    now = dt.datetime.now(dt.UTC)
    copied = back_up_before_night(night.home, night.config.backup, now)
    if copied is not None:
        say(f"Cadangan: {copied.files} berkas, {copied.size / 1e6:.1f} MB di {copied.folder}.")
        with night.warehouse() as con:
            remember(con, copied, now)


def _named(night: Night, attempt: Attempt | None) -> Night:
    """The night under the id of the one that it goes on with."""
    return replace(night, run_id=attempt.night_id) if attempt else night


def execute(night: Night, attempt: Attempt | None, *, debug: bool) -> Night:
    """Load Dagster and run the job, or what is left of `attempt`; returns the night that ran.

    What failed is in the ledger and the checks, not in a traceback.
    """
    say(f"Malam {night.as_of}: kiriman dari {night.landing}. Memuat definisi …")
    from pipelines.resources import enter

    enter(night.home, night.landing)
    from pipelines import execution

    left = execution.find_stopped(night, attempt) if attempt else None
    if left:
        night = _named(night, attempt)
        stands = f"{left.done} dari {left.steps} langkah sudah selesai"
        say(f"Meneruskan malam {night.run_id[:8]} yang berhenti: {stands}. (--whole mengulang semuanya.)")
    hours = night.config.machine.longest_night

    def last_words() -> None:
        told = f"malam dihentikan sesudah {hours:g} jam ([machine] longest_night). Terbitan terakhir tetap berlaku; jalankan lagi."
        say(f"padan: {told}")
        journal.say("night_too_long", run_id=night.run_id, hours=hours)
        tell(night.config.alerts, f"PADAN {night.as_of}: dihentikan", told)

    with ended_after(hours * 3600, last_words):
        execution.execute(night, left, debug=debug)
    return night


def run_demo(home: Home, persons: int, seed: int, nights: int) -> int:
    """Synthetic deliveries under `home/demo`, made once, then a night over them; returns the exit code of the night."""
    from padan.synth import NIGHTS_APART, generate

    out = home.root / EXAMPLE / f"{persons}-{seed}"
    home.prepare()
    first = _first_day(out)
    if not (out / "landing").exists():
        say(f"Membuat kiriman tiruan untuk {persons:,} orang …")
        generate(out, persons=persons, seed=seed, as_of=first)
    return run_night(home, out / "landing", first + NIGHTS_APART * (nights - 1))


def _first_day(out: Path) -> dt.date:
    """The day of the first synthetic night: kept with the deliveries, so that tomorrow's demo reads the same ones."""
    stamp = out / "as_of"
    if not stamp.exists():
        out.mkdir(parents=True, exist_ok=True)
        stamp.write_text(today().isoformat())
    return dt.date.fromisoformat(stamp.read_text())


def write_synthetic(out: Path, persons: int, seed: int, as_of: dt.date) -> None:
    """Synthetic deliveries with their truth under `out`."""
    from padan.synth import generate

    generate(out, persons=persons, seed=seed, as_of=as_of)
    say(f"Kiriman tiruan: {out / 'landing'}; kebenarannya: {out / 'truth'}.")


def show_status(home: Home) -> None:
    """Print the last night's summary."""
    night = Night(home=home, project=PROJECT, landing=home.root / "landing", as_of=today(), run_id="")
    if not home.warehouse.exists():
        say("Belum ada malam di folder ini. Mulai dengan: padan run --landing FOLDER, atau padan demo.")
        return
    with night.warehouse(read_only=True) as con:
        last = last_night(con)
    sys.stdout.write(summarize(home, night.config, last.run_id) if last else "Belum ada malam yang selesai.\n")
