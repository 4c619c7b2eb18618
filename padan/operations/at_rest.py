"""Whether what lies on the disk is encrypted, shown from what the kernel says, and not from what a setting claims."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from padan.config import Encryption
from padan.errors import ConfigError
from padan.home import Home

MOUNTS = Path("/proc/self/mountinfo")
DEVICES = Path("/sys/dev/block")
#: File systems that encrypt what is written to them.
_ENCRYPTING = frozenset({"ecryptfs", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs", "fuse.securefs"})


@dataclass(frozen=True)
class Volume:
    """Where a path lies. `proof`: what shows that it is encrypted; empty where nothing does."""

    mount: str
    kind: str
    proof: str


def volume_of(path: Path, mounts: Path = MOUNTS, devices: Path = DEVICES) -> Volume:
    """The volume below a path, by the longest mount point above it."""
    best = ("", "", "")
    for line in mounts.read_text().splitlines() if mounts.exists() else []:
        before, _, after = line.partition(" - ")
        device, mount, kind = before.split()[2], before.split()[4].replace("\\040", " "), after.split()[0]
        if path.resolve().is_relative_to(mount) and len(mount) >= len(best[1]):
            best = (device, mount, kind)
    device, mount, kind = best
    if kind in _ENCRYPTING:
        return Volume(mount, kind, f"berkas sistem {kind}")
    return Volume(mount, kind, _dm_crypt(devices / device))


def _dm_crypt(device: Path) -> str:
    """The device-mapper name of the encryption below a block device, however many layers down."""
    uuid = device / "dm" / "uuid"
    if uuid.exists() and uuid.read_text().startswith("CRYPT-"):
        return f"dm-crypt {(device / 'dm' / 'name').read_text().strip()}"
    below = sorted((device / "slaves").iterdir()) if (device / "slaves").exists() else []
    proofs = [_dm_crypt(one) for one in below]
    return proofs[0] if proofs and all(proofs) else ""


def require_encrypted(home: Home, encryption: Encryption) -> None:
    """The disk is what the settings ask of it before a name is written.

    Raises:
        ConfigError: an encrypted volume is asked for, and nothing shows one.
    """
    if encryption.volume != "encrypted":
        return
    found = volume_of(home.root)
    if not found.proof:
        raise ConfigError(
            f"[encryption] volume = encrypted, tetapi {found.mount} ({found.kind}) tidak terbukti tersandi.",
            holds="Malam tidak dimulai; terbitan terakhir tetap berlaku.",
            todo="Letakkan rumah di volume LUKS, atau ubah setelannya dan catat risikonya di docs/dpia.md.",
        )
