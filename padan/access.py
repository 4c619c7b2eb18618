"""Who may open what, without a server: modes and groups of the folders of a home.

The pipeline account owns everything. The vault is its alone; a served file is its audience's group's, reports and events are the
auditors'. Belongs here: modes and groups. Does not belong here: what lies in the folders.
"""

from __future__ import annotations

import grp
import os
import shutil
from pathlib import Path

from padan.config import Access
from padan.errors import ConfigError
from padan.home import Home

#: Bits that anybody else would enter a vault folder by, and by which others could write what is served.
_FOREIGN, _OTHERS_WRITE = 0o077, 0o002


def open_faults(home: Home) -> list[str]:
    """Folders that others could enter or write, or that another account owns, named as `folder: fault`."""
    faults = [f"{path.name} terbuka bagi akun lain" for path in home.vault if path.exists() and path.stat().st_mode & _FOREIGN]
    shared = (home.serving, home.reports, home.logs)
    faults += [f"{path.name} dapat ditulis siapa pun" for path in shared if path.exists() and path.stat().st_mode & _OTHERS_WRITE]
    if home.root.exists():
        faults += [f"{path.name} milik akun lain" for path in home.root.iterdir() if path.lstat().st_uid != os.geteuid()]
    return sorted(faults)


def require_closed(home: Home, access: Access) -> None:
    """The vault is closed before a name is written to it.

    Raises:
        ConfigError: a folder stands open, and the settings do not say that it may.
    """
    faults = open_faults(home)
    if faults and not access.allow_open_modes:
        raise ConfigError(
            f"hak akses vault: {'; '.join(faults)}.",
            holds="Malam tidak dimulai; terbitan terakhir tetap berlaku.",
            todo="chmod 700 folder itu, chown ke akun ini; periksa siapa yang sempat membukanya (padan breach). Menerimanya: "
            "[access] allow_open_modes = true.",
        )


def give(path: Path, group: str) -> None:
    """Let a group read what is served to it; nothing where no group is named.

    Raises:
        ConfigError: there is no such group, or this account may not give files to it.
    """
    if not group:
        return
    try:
        number = int(group) if group.isdigit() else grp.getgrnam(group).gr_gid
        for one in (path, *path.rglob("*")):
            os.chown(one, -1, number, follow_symlinks=False)
    except (KeyError, PermissionError, OverflowError):
        raise ConfigError(
            f"grup {group}: tidak ada, atau akun ini bukan anggotanya.", holds="Terbitan terakhir tetap berlaku.", todo="Perbaiki [access]."
        ) from None


def empty(folder: Path) -> None:
    """Remove what a process that died left in a work folder: spilled rows are the vault's, and nobody's any more."""
    for left in folder.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()
