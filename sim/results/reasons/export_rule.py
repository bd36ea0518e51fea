"""The rule of export control behind a move, with its authority, day and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.results.answer.speech import quoted
from sim.results.licences import AUTHORITIES

_OWN_RULES: Mapping[str, tuple[str, str]] = {
    "cn_content": ("Chinese rare earths in foreign items", "CN"),
}
"""Rules that the engine books under a name of its own -> title and authority."""


@dataclass(frozen=True, slots=True)
class ExportRule:
    """The rule that most decisions of a kind name, as the policy that is told has it."""

    id: str
    title: str
    authority: str
    citation: str
    source: str
    start: str

    def words(self) -> str:
        """Name it with its authority, since when, its citation and source."""
        since = f", in force from {self.start}" if self.start else ""
        source = ", ".join(part for part in (self.citation, self.source) if part)
        authority = AUTHORITIES.get(self.authority, self.authority)
        return f"{quoted(self.title)} of {authority}{since}" + (f" ({source})" if source else "")


def export_rule(rule: str, controls: Mapping[str, Mapping[str, Any]]) -> ExportRule:
    """The rule as a policy has it; ``controls`` are that policy's rules by id."""
    text = controls.get(rule, {})
    title, authority = _OWN_RULES.get(rule, (rule, ""))
    windows = text.get("windows") or [["", None]]
    return ExportRule(
        id=rule,
        title=str(text.get("title", title)),
        authority=str(text.get("authority", authority)),
        citation=str(text.get("citation", "")),
        source=str(text.get("source_url", "")),
        start=str(windows[0][0] or ""),
    )
