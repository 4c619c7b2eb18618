"""Every exception that an operator reads: what happened, what still holds, what to do. Never a person's value."""

from __future__ import annotations


class PadanError(Exception):
    """A failure with an exit code and three sentences; nothing in it may be a value of a person.

    Attributes:
        what: what happened, and where (file name, feed, table, rule).
        holds: what is still true (yesterday's file stays published, the other feeds go on).
        todo: what the operator does next.
    """

    exit_code = 1

    def __init__(self, what: str, *, holds: str = "", todo: str = "") -> None:
        self.what, self.holds, self.todo = what, holds, todo
        super().__init__(" ".join(filter(None, (what, holds, todo))))


class Defect(PadanError):
    """A defect of ours."""

    exit_code = 1


class InputRefused(PadanError):
    """A delivery that breaks its contract as a whole. `rule` is its short name in the ledger."""

    exit_code = 2

    def __init__(self, rule: str, what: str, *, holds: str = "", todo: str = "") -> None:
        self.rule = rule
        super().__init__(what, holds=holds, todo=todo)


class ConfigError(PadanError):
    """A setting that is missing, unknown or out of bounds."""

    exit_code = 2


class GateFailed(PadanError):
    """A gate that must hold before anything is published does not."""

    exit_code = 3


class Locked(PadanError):
    """Another run is at work on this home."""

    exit_code = 4
