"""The head of the chain is signed with Ed25519: by the night itself, or by another account that alone can read the key."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from padan.config import Evidence
from padan.errors import ConfigError, Defect
from padan.evidence.chain import write_whole
from padan.evidence.form import PUBLIC_KEY, SigningKey, keys_text, read_keys, signed_text
from padan.home import Home
from padan.keys import load_key

#: Name of the key in home/keys, made at first use.
KEY = "evidence"


def private_key(home: Home, settings: Evidence) -> Ed25519PrivateKey | None:
    """The signing key: of the home, or the configured file; None where that file is not for this account to read.

    Raises:
        ConfigError: the file exists and does not hold 32 bytes in hex.
    """
    if not settings.signing_key:
        return Ed25519PrivateKey.from_private_bytes(load_key(home.keys, KEY))
    path = Path(settings.signing_key)
    try:
        seed = bytes.fromhex(path.read_text().strip())
    except OSError:
        return None
    except ValueError:
        seed = b""
    if len(seed) != 32:
        raise ConfigError("[evidence] signing_key: isi berkas kunci bukan 32 bita heksadesimal.", todo="Periksa berkas kunci tanda tangan.")
    return Ed25519PrivateKey.from_private_bytes(seed)


def publish_key(key: Ed25519PrivateKey, reports: Path, line: int) -> None:
    """Write beside the reports that this key signs from `line` of the chain on, unless it does already; an auditor keeps a copy of his own.

    What earlier keys signed stays theirs: a key that became known can forge no line that another has signed since.

    Raises:
        Defect: the file is not as it was written.
    """
    path, public = reports / PUBLIC_KEY, key.public_key().public_bytes_raw()
    try:
        keys = read_keys(path.read_bytes().decode()) if path.exists() and line > 1 else []
    except ValueError:
        raise Defect(f"{PUBLIC_KEY} bukan yang ditulis PADAN.", todo="Pulihkan dari salinan milik auditor, lalu padan sign.") from None
    if not keys or keys[-1].public != public:
        write_whole(path, keys_text([*keys, SigningKey(line if keys else 1, public)]))


def sign(key: Ed25519PrivateKey, entry: str) -> str:
    """Signature in hex of the entry with this hash."""
    return key.sign(signed_text(entry)).hex()


def signature_fits(public: bytes, entry: str, signature: str) -> bool:
    """Whether the holder of the key signed the entry; there is one way to write a signature."""
    try:
        if bytes.fromhex(signature).hex() != signature:
            return False
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), signed_text(entry))
    except (InvalidSignature, ValueError):
        return False
    return True
