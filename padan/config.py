"""Settings of an installation, parsed once into frozen models; an unknown or out-of-bounds setting is an error."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from padan.errors import ConfigError

T = TypeVar("T", bound="Settings")
Share = Annotated[float, Field(ge=0, le=1)]
#: A failure that is allowed for longer is a rule that should change.
LONGEST_WAIVER = dt.timedelta(days=92)


class Settings(BaseModel):
    """Base of every settings table: frozen, and a misspelt key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Machine(Settings):
    """What the night may use of its machine."""

    memory_limit: str = Field(default="4GB", description="DuckDB memory limit; more is spilled to tmp/")
    threads: int = Field(default=2, ge=1, le=64)
    longest_night: float = Field(
        default=6.0, gt=0, le=48, description="hours after which a night that hangs is ended; the next one redoes it"
    )


class WithdrawalAnswer(Settings):
    """The operator's answer to a delivery that would withdraw too much."""

    feed: str
    delivery_date: dt.date
    answer: Literal["withdraw", "keep"]
    by: str
    reason: str


class Disclosure(Settings):
    """Smallest count that may be published, by sensitivity."""

    threshold: int = Field(default=5, ge=3, description="children in a published cell")
    threshold_sensitive: int = Field(default=10, ge=5, description="same, sexual violence and children in conflict with the law")
    threshold_institution: int = Field(default=10, ge=5, description="same, children who live in institutions")


class Publication(Settings):
    """How many published runs stay on disk, and when figures of cases change."""

    keep_runs: int = Field(default=14, ge=2)
    revise_cases: bool = Field(default=False, description="tell figures of cases anew tonight, not only on a month's first publication")


class Returns(Settings):
    """How what goes back to an agency is closed."""

    passwords: bool = Field(default=True, description="workbooks open with the agency's password (keys/returns-<agency>.password)")


class CaseManager(Settings):
    """A person who may read what needs attention of an agency's cases, by the account that runs the command."""

    account: str = Field(min_length=1)
    agency: str = Field(min_length=1)
    kabupaten: tuple[str, ...] = Field(default=(), description="only cases of these regencies; none: all")


class Review(Settings):
    """How doubtful matches are decided."""

    second_share: Share = Field(default=0.10, description="share of cases that two people read, each without the other's answer")
    oldest_days: int = Field(default=30, ge=1, description="days after which a case that waits is an alarm")
    least_agreement: float = Field(default=0.60, ge=-1, le=1, description="kappa of first and second readers below which is an alarm")


class Quality(Settings):
    """How far tonight may be from the nights before: median of past nights, plus or minus `deviations` robust deviations."""

    history_nights: int = Field(default=30, ge=5, description="past nights that bounds are learnt from")
    minimum_history: int = Field(default=5, ge=3, description="nights below which the wide defaults hold")
    deviations: float = Field(default=5.0, gt=0, description="multiple of the median absolute deviation, scaled to sigma")
    rows_floor: Share = Field(default=0.35, description="rows of a feed may always move by this share of their median")
    share_floor: Share = Field(default=0.08, description="a share may always move by this much, absolute")
    indicator_floor: Share = Field(default=0.30, description="an indicator may always move by this share of its median")
    register_floor: Share = Field(default=0.10, description="children in DTSEN may always move by this share of their median")
    default_shift_max: Share = Field(default=0.30, description="before history: largest share of a column's cells with another code")
    default_crowd_max: Share = Field(default=0.20, description="before history: largest share of rows on one NIK, name, day or person")
    default_changed_max: Share = Field(default=0.50, description="before history: largest share of a feed's records whose answer changed")
    column_floor: Share = Field(default=0.20, description="filled and conforming shares of a column may always move by this much")
    default_nik_valid_min: Share = Field(default=0.30, description="before history: least share of given NIKs that are valid")
    default_link_rate_min: Share = Field(default=0.10, description="before history: least share of a feed's records linked")
    default_review_share_max: Share = Field(default=0.60, description="before history: largest share of a feed's records in review")
    default_null_name_max: Share = Field(default=0.60, description="before history: largest share of a feed's records without a name")


class Evidence(Settings):
    """Who signs the chain of evidence, and who keeps its head elsewhere."""

    signing_key: str = Field(default="", description="file of the Ed25519 key (32 bytes in hex); empty: one of the home's own")
    witness: str = Field(default="", description="folder outside this machine's control where each head is also written; empty: none")


class Alerts(Settings):
    """Who is told when a night is held or its input refused. The addresses carry secrets, so they lie in a file of their own."""

    urls_file: str = Field(default="", description="file with one Apprise address a line, readable by this account alone; empty: nobody")


class Access(Settings):
    """Which groups may open what (padan.access)."""

    allow_open_modes: bool = Field(default=False, description="run although a vault folder stands open to other accounts")
    serving_groups: dict[str, str] = Field(
        default_factory=dict, description="group of each audience's served files; none: the account's own"
    )
    audit_group: str = Field(default="", description="group of reports and events; empty: the account's own")


class Encryption(Settings):
    """What is closed to age recipients (age-encryption.org), and what the disk below must be."""

    archive_recipients: str = Field(
        default="", description="file of age recipients, one a line; deliveries are then archived closed to them"
    )
    archive_identity: str = Field(
        default="", description="file of the age identity that opens the archive again; needed to trace and rebuild"
    )
    returns_recipients: dict[str, str] = Field(default_factory=dict, description="file of age recipients of an agency's returns")
    volume: Literal["any", "encrypted"] = Field(default="any", description="encrypted: no night runs unless the disk is shown to be")


class Backup(Settings):
    """The copy that is taken before each night."""

    folder: str = Field(default="", description="where copies lie, on another disk; empty: none is taken")
    keys_folder: str = Field(default="", description="where copies of the keys lie, apart; empty: they are not copied")
    keep: int = Field(default=7, ge=1, description="copies that stay")


class Waiver(Settings):
    """One [[waiver]] of config/waivers.toml: a failure that may pass for a while."""

    rule_id: str
    table_name: str = Field(default="*", description="`schema.table`, or * for every table of the rule")
    reason: str = Field(min_length=20, description="why the failure may pass, without a value of a person")
    approver: str = Field(min_length=3, description="who allows it; never the rule's owner")
    granted: dt.date
    expires: dt.date = Field(description="last day on which it holds, at most LONGEST_WAIVER after it was granted")

    @model_validator(mode="after")
    def ends(self) -> Waiver:
        """A waiver is for a while, and its reason holds no identity number."""
        if not self.granted <= self.expires <= self.granted + LONGEST_WAIVER:
            raise ValueError(f"expires must lie within {LONGEST_WAIVER.days} days of granted")
        if re.search(r"\d{16}", self.reason):
            raise ValueError("reason holds a 16-digit number")
        return self


class Waivers(Settings):
    """config/waivers.toml."""

    waiver: tuple[Waiver, ...] = ()


class PadanConfig(Settings):
    """config/padan.toml."""

    machine: Machine = Machine()
    disclosure: Disclosure = Disclosure()
    publication: Publication = Publication()
    quality: Quality = Quality()
    evidence: Evidence = Evidence()
    alerts: Alerts = Alerts()
    returns: Returns = Returns()
    review: Review = Review()
    access: Access = Access()
    encryption: Encryption = Encryption()
    backup: Backup = Backup()
    case_managers: tuple[CaseManager, ...] = ()
    withdrawals: tuple[WithdrawalAnswer, ...] = ()


class PersonPolicy(Settings):
    """When a scored pair of persons becomes a link."""

    model_version: str = Field(default="person_v1", description="folder in padan/linkage")
    link_probability: Share = Field(default=0.95, description="posterior of the best candidate at or above which it is a link")
    review_probability: Share = Field(default=0.50, description="posterior at or above which a person must look")
    same_person_probability: Share = Field(default=0.98, description="posterior above which two records outside it are one person")
    register_coverage: Share = Field(default=0.90, description="prior share of records whose person the register holds")
    block_cap: int = Field(default=2_000, ge=10, description="register rows per blocking key; larger blocks are dropped and logged")


class InstitutionPolicy(Settings):
    """When a named institution becomes a link to the LKS register."""

    model_version: str = Field(default="institution_v1", description="folder in padan/linkage")
    link_probability: Share = 0.90
    review_probability: Share = 0.50


class EvaluationPolicy(Settings):
    """How the night's accuracy is estimated, and what it must be."""

    probes: int = Field(default=4_000, ge=0, description="records of known answer that are asked again a night, at most; 0: none")
    share: Share = Field(default=0.10, description="the same, as a share of the records that no NIK proves")
    least_per_feed: int = Field(default=10, ge=1, description="probes for each feed, with and without a NIK, that has so many records")
    minimum_probes: int = Field(default=100, ge=30, description="probes below which nothing is judged")
    precision_target: Share = Field(default=0.995, description="nothing is published when precision is surely below it (upper bound)")
    precision_floor: Share = Field(default=0.98, description="a warning is shown unless precision is surely above it (lower bound)")
    recall_gap: Share = Field(default=0.04, description="a warning is shown when a group is surely found less often than the rest, by more")


class DriftLimits(Settings):
    """How far a night may be from the populations that the model was trained on; beyond it a warning is shown."""

    minimum_records: int = Field(default=200, ge=30, description="records below which chance alone moves a figure")
    candidates: float = Field(default=2.0, gt=1, description="times as many (or as few) candidates per record of a feed")
    link_rate: Share = Field(default=0.15, description="share of a feed's records that link, absolute difference")
    divergence: Share = Field(default=0.05, description="Jensen-Shannon divergence in bits of weights, and of levels among links")


class LinkageConfig(Settings):
    """config/linkage.toml."""

    policy_version: str
    person: PersonPolicy = PersonPolicy()
    institution: InstitutionPolicy = InstitutionPolicy()
    evaluation: EvaluationPolicy = EvaluationPolicy()
    drift: DriftLimits = DriftLimits()


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path.name}: tidak terbaca ({type(error).__name__}).", todo="Perbaiki berkas konfigurasi.") from None


def _parse(model: type[T], path: Path) -> T:
    try:
        return model.model_validate(_read(path))
    except ValidationError as error:
        where = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"{path.name}: {where}", todo="Perbaiki berkas konfigurasi.") from None


def load_padan(folder: Path) -> PadanConfig:
    """config/padan.toml in `folder`.

    Raises:
        ConfigError: unreadable, unknown key or out of bounds.
    """
    return _parse(PadanConfig, folder / "padan.toml")


def load_linkage(folder: Path) -> LinkageConfig:
    """config/linkage.toml in `folder`.

    Raises:
        ConfigError: unreadable, unknown key or out of bounds.
    """
    return _parse(LinkageConfig, folder / "linkage.toml")


def load_waivers(folder: Path) -> tuple[Waiver, ...]:
    """config/waivers.toml in `folder`; none where there is no such file.

    Raises:
        ConfigError: unreadable, unknown key or out of bounds.
    """
    path = folder / "waivers.toml"
    return _parse(Waivers, path).waiver if path.exists() else ()
