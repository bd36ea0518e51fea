"""Sections of a page: which figures they hold, and what a reader may ask for there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis.catalogue import choice_key, figures, figures_in_section, first_other, sections_of
from analysis.figure import Choices, Figure, Need, Section, Values
from analysis.open_run import OpenRun

Keep = Callable[[Section, str, Values], bool]
"""Whether a page offers a choice: its section, the name of its need, and the values with it."""


def _every(_section: Section, _need: str, _values: Values) -> bool:
    return True


def told_sections(
    held: OpenRun, face: str, pair: tuple[str, str] | None = None, keep: Keep = _every
) -> list[dict[str, Any]]:
    """Sections of a face (``app`` or ``report``) as JSON: what to ask for, and which figures.

    Every section has ``key, tab, heading``; ``asks``, the select boxes (``name, label, usual``,
    the names in ``after`` on whose values the choices depend, and ``choices`` by those values
    joined by ``|``); ``figures`` (``name, shows, needs, given, layout``). ``pair`` is the policy
    and the one it is compared with (the usual ones); ``keep`` leaves choices out.
    """
    run, every = held.run, figures(held)
    mine, other = pair or (first_other(run, run.baseline), run.baseline)
    told = []
    for section in sections_of(every):
        shown = [
            one for one in figures_in_section(section, every) if getattr(one, face) is not None
        ]
        shown = [one for one in shown if one.has(held)]
        if shown:
            usual = {"policy": mine, "against": other}
            told.append(_section(held, section, shown, face, usual, keep))
    return told


def _section(
    held: OpenRun,
    section: Section,
    shown: list[Figure],
    face: str,
    usual: dict[str, str],
    keep: Keep,
) -> dict[str, Any]:
    needs: dict[str, Need] = {}
    for figure in shown:
        for need in figure.needs:
            if need.name not in getattr(figure, face):
                needs.setdefault(need.name, need)
    return {
        "key": section.key,
        "tab": section.tab,
        "heading": section.heading,
        "asks": _asks(held, section, list(needs.values()), usual, keep),
        "figures": [
            {
                "name": one.name,
                "shows": one.shows,
                "given": dict(getattr(one, face)),
                "needs": [n.name for n in one.needs if n.name not in getattr(one, face)],
                "layout": one.layout.value,
            }
            for one in shown
        ],
    }


def _asks(
    held: OpenRun, section: Section, needs: Sequence[Need], usual: dict[str, str], keep: Keep
) -> list[dict[str, Any]]:
    """Select boxes of a section; those that depend on others stand behind them."""
    pair = dict(usual)
    asks: list[dict[str, Any]] = []
    values: list[dict[str, str]] = [{}]
    for need in needs:
        choices: dict[str, Choices] = {}
        for known in values:
            if all(name in known for name in need.after):
                offered = need.choices(held, pair | known)
                kept = [c for c in offered if keep(section, need.name, known | {need.name: c[0]})]
                choices.setdefault(choice_key(need, known), kept)
        own = [code for code, _ in choices.get(choice_key(need, usual), [])]
        wanted = need.usual(held, usual) if need.usual else ""
        usual[need.name] = wanted if wanted in own or not own else next(iter(own), "")
        asks.append({"name": need.name, "label": need.label, "after": list(need.after),
                     "choices": choices, "usual": usual[need.name]})  # fmt: skip
        if any(need.name in later.after for later in needs):
            values = [
                known | {need.name: code}
                for known in values
                for code, _ in choices.get(choice_key(need, known), [])
            ]
    return asks


def combinations(section: Mapping[str, Any], names: Sequence[str]) -> list[dict[str, str]]:
    """Every combination of choices of the needs ``names`` of a section (:func:`told_sections`)."""
    found: list[dict[str, str]] = [{}]
    for ask in section["asks"]:
        if ask["name"] in names:
            found = [
                known | {ask["name"]: code}
                for known in found
                for code, _ in ask["choices"].get("|".join(known[n] for n in ask["after"]), [])
            ]
    return found
