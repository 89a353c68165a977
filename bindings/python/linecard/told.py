"""What a host is told without asking: see after_commit and log of Directory.create."""

from __future__ import annotations

from dataclasses import dataclass, field

from .receipt import Receipt
from .store import Scalar


@dataclass(frozen=True)
class Committed:
    """A command that changed something and is committed."""

    actor_id: str | None  # the identity that ran it; None: the directory itself (bootstrap_operator)
    scope_id: str  # where it ran
    receipt: Receipt  # as the command answers it; names personal values, never a secret


@dataclass(frozen=True)
class LogEvent:
    """`event` is a stable slug, and so are the names of `fields`; the wording of `message` may change."""

    level: int  # of the standard logging module
    event: str
    message: str
    fields: dict[str, Scalar] = field(default_factory=dict)
