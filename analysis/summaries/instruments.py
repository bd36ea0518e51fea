"""Instruments that a run used: their titles, dated values, and each wording once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.results.run_folder.query import RunFolder


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


def behind_moves(run: RunFolder, policies: Iterable[str]) -> list[Version]:
    """Subsidies that some decision under one of the policies names, each wording once."""
    found: dict[tuple[str, str], list[str]] = {}
    for policy in policies:
        acts = run.subsidies.get(policy, {})
        for code in _named(run, policy):
            if code in acts:
                text = json.dumps(acts[code], sort_keys=True)
                found.setdefault((code, text), []).append(policy)
    ordered = sorted(found.items(), key=lambda item: (json.loads(item[0][1])["giver"], item[0][0]))
    return [Version(code, tuple(names), json.loads(text)) for (code, text), names in ordered]


def _named(run: RunFolder, policy: str) -> list[str]:
    found = run.sql(
        """SELECT DISTINCT unnest(string_split(rule, ';')) AS act FROM relocations
           WHERE policy = $policy ORDER BY act""",
        {"policy": run.require_policy(policy)},
    )
    return [str(code) for code in found["act"] if code]


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
