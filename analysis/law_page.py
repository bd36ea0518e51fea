"""The law that a run used, as pages: each instrument once, with its dated values and sources."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.pages import Column, Html, fragment, joined, table
from analysis.style import percent, place, plain, product_name
from analysis.summaries.outcomes import policy_name
from sim.results.run_folder.query import RunFolder

_COLUMNS = (
    Column("From"), Column("To"), Column("Rate", True), Column("Status"), Column("Kind"),
    Column("Announced"), Column("Source"), Column("Evidence"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of an instrument and the policies under which it holds."""

    id: str
    policies: tuple[str, ...]
    text: Mapping[str, Any]


def titles(run: RunFolder, policy: str) -> dict[str, str]:
    """Instrument id to title under a policy."""
    return {str(code): str(one["title"]) for code, one in run.law.get(policy, {}).items()}


def rates(run: RunFolder, policy: str) -> dict[str, list[tuple[str, float]]]:
    """Instrument id to its enacted values under a policy: first day (ISO) and rate as a share."""
    return {
        str(code): [
            (str(value["start"]), float(value["rate"]))
            for value in one["values"]
            if value["status"] == "enacted" and value["rate"] is not None
        ]
        for code, one in run.law.get(policy, {}).items()
    }


def used(run: RunFolder, policies: Iterable[str]) -> list[Version]:
    """Instruments that bear on a duty under one of the policies, each wording once."""
    law = run.law
    found: dict[tuple[str, str], list[str]] = {}
    for policy in policies:
        for code in _in_force(run, policy):
            text = law.get(policy, {}).get(code)
            if text is not None:
                found.setdefault((code, json.dumps(text, sort_keys=True)), []).append(policy)
    ordered = sorted(found.items(), key=lambda item: (_first_day(item[0][1]), item[0][0]))
    return [Version(code, tuple(names), json.loads(text)) for (code, text), names in ordered]


def _in_force(run: RunFolder, policy: str) -> list[str]:
    found = run.sql(
        """SELECT DISTINCT unnest(string_split(instruments, ';')) AS instrument FROM duties
           WHERE policy = $policy ORDER BY instrument""",
        {"policy": run.require_policy(policy)},
    )
    return [str(code) for code in found["instrument"] if code]


def _first_day(text: str) -> tuple[str, str]:
    content = json.loads(text)
    days = [str(value["start"]) for value in content["values"]]
    return str(content["importer"]), min(days, default="")


def law_section(run: RunFolder, versions: Iterable[Version], policies: int) -> Html:
    """Every instrument that was used, in order of importer and first day."""
    found: list[Html] = []
    importer = ""
    for version in versions:
        if version.text["importer"] != importer:
            importer = str(version.text["importer"])
            found.append(fragment("heading", text=place(importer)))
        found.append(_article(run, version, policies))
    return joined(found) or fragment("note", text="No instrument bears on a duty of this run.")


def _article(run: RunFolder, version: Version, policies: int) -> Html:
    text = version.text
    under = (
        "under every policy"
        if len(version.policies) == policies
        else "under " + ", ".join(policy_name(run, name) for name in version.policies)
    )
    exporters = ", ".join(_party(code) for code in text["exporters"])
    goods = ", ".join(product_name(code).lower() for code in text["products"])
    note = fragment("note", text=text["note"]) if text.get("note") else Html("")
    return fragment(
        "instrument", id=version.id, title=text["title"], basis=text["legal_basis"], note=note,
        lanes=f"on {goods} from {exporters}; {under}",
        values=table("Dated values", _COLUMNS, [_value(v) for v in text["values"]]),
    )  # fmt: skip


def _party(code: str) -> str:
    return "all others" if code == "ALL" else place(code)


def _value(value: Mapping[str, Any]) -> list[object]:
    rate = value["rate"]
    return [
        value["start"],
        value["end"] or "",
        "no figure" if rate is None else percent(float(rate), 2).replace(".00", ""),
        value["status"],
        plain(str(value["kind"])),
        value["announced"] or "",
        value["source"],
        f"{value['evidence']}, {value['confidence']} confidence",
    ]
