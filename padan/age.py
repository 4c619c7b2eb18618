"""Files closed to age recipients (age-encryption.org): who holds the identity opens them, this machine need not."""

from __future__ import annotations

from pathlib import Path

from padan.errors import ConfigError

SUFFIX = ".age"


def _lines(path: Path, start: str) -> list[str]:
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
    except OSError as error:
        raise ConfigError(f"{path.name}: tidak terbaca ({type(error).__name__}).", todo="Periksa [encryption].") from None
    found = [line for line in lines if line.upper().startswith(start)]
    if not found:
        raise ConfigError(f"{path.name}: tidak ada baris {start.lower()}….", todo="Periksa [encryption].")
    return found


def close_file(source: Path, target: Path, recipients: Path) -> None:
    """Write `source` to `target`, closed to every recipient in the file; whole or not at all.

    Raises:
        ConfigError: the file of recipients is missing, empty or none.
    """
    import pyrage

    try:
        known = [pyrage.x25519.Recipient.from_str(line) for line in _lines(recipients, "AGE1")]
    except pyrage.RecipientError:
        raise ConfigError(f"{recipients.name}: bukan penerima age.", todo="Periksa [encryption].") from None
    partial = target.with_name(f".{target.name}.part")
    pyrage.encrypt_file(str(source), str(partial), known)
    partial.chmod(0o400)
    partial.replace(target)


def open_file(source: Path, target: Path, identity: Path) -> None:
    """Write what `source` holds to `target`, with the identity in a file.

    Raises:
        ConfigError: the identity is missing, or does not open the file.
    """
    import pyrage

    try:
        own = [pyrage.x25519.Identity.from_str(line) for line in _lines(identity, "AGE-SECRET-KEY-1")]
        pyrage.decrypt_file(str(source), str(target), own)
    except (pyrage.IdentityError, pyrage.DecryptError):
        raise ConfigError(
            f"{source.name[:16]}…: tidak terbuka dengan identitas itu.", todo="Periksa [encryption] archive_identity."
        ) from None
