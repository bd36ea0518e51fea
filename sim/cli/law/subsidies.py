"""How ``kyoten law show`` prints an act that pays firms for making goods in a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sim.cli.render import console, print_json, print_table, say_wrapped, strong
from sim.law.subsidies.act import Subsidy
from sim.law.telling.public_money import ActChange, ActSpell, Years
from sim.law.telling.wording import percent


def show_subsidy(act: Subsidy, as_json: bool) -> None:
    """One act: who pays whom for what, its dated sizes, and what it cannot say."""
    if as_json:
        print_json(asdict(act))
        return
    console().print(strong(act.title), f" ({act.id}, {act.file})")
    for name, text in _facts(act):
        if text:
            say_wrapped(f"  {name}: {text}")
    rows = [
        (
            one.start,
            one.end or "",
            _size(act.kind, one.size),
            _years(one.years),
            one.announced or "",
        )
        for one in act.grants
    ]
    if rows:
        columns = ("from", "to", "size", "years of a project", "announced")
        print_table("Sizes", columns, rows)
    for one in act.grants:
        known = one.provenance
        note = f"{known.note}; " if known.note else ""
        say_wrapped(f"  {one.start}: {note}{known.source} ({known.evidence}, {known.confidence})")


def _facts(act: Subsidy) -> list[tuple[str, str]]:
    chance = "" if act.chance == 1.0 else f"{percent(act.chance)} of those who ask"
    moves = f"nothing in this model: {act.silent}" if act.silent else ""
    return [
        ("authority", act.legal_basis),
        ("paid by", act.giver),
        ("made in", ", ".join(act.places)),
        ("products", ", ".join(act.products)),
        ("firms", ", ".join(act.firms)),
        ("paid to", chance),
        ("conditions", act.conditions),
        ("recipients", act.recipients),
        ("moves", moves),
        ("note", act.note),
    ]


def show_act_spells(title: str, spells: Sequence[ActSpell]) -> None:
    """What acts pay through time, one line a spell."""
    rows = [
        (
            one.subsidy, ", ".join(one.places), one.start, one.end or "",
            _size(one.kind, one.size), _years(one.years), "told only" if one.silent else "",
        )
        for one in spells
    ]  # fmt: skip
    columns = ("subsidy", "made in", "from", "to", "size", "years of a project", "counts")
    print_table(title, columns, rows)


def show_act_changes(first: str, second: str, changes: Sequence[ActChange]) -> None:
    """Acts that start, end or pay something else, one line a stretch of days; nothing for none."""
    if not changes:
        return
    rows = [
        (
            one.subsidy, ", ".join(one.places), one.start, one.end, _years(one.years),
            _side(one, one.first), _side(one, one.second), _what(one),
        )
        for one in changes
    ]  # fmt: skip
    columns = ("subsidy", "made in", "from", "to", "years of a project", "A", "B", "change")
    title = f"Differences of subsidies ({len(rows)}); A: {first}, B: {second}"
    print_table(title, columns, rows)


def _side(change: ActChange, size: float | None) -> str:
    return "nothing" if size is None else _size(change.kind, size)


def _what(change: ActChange) -> str:
    """What happens to the act from A to B."""
    told = [f"other {', '.join(change.terms)}"] if change.terms else []
    if change.first is None or change.second is None:
        told.insert(0, "starts" if change.first is None else "ends")
    elif change.first != change.second:
        told.insert(0, "pays more" if change.second > change.first else "pays less")
    return "; ".join(told)


def _size(kind: str, size: float) -> str:
    units = {
        "share_of_outlay": "of the outlay",
        "share_of_price": "of the price",
        "profit_tax": "of profit, in tax",
    }
    return f"{size:,.0f} USD a unit" if kind == "usd_per_unit" else f"{percent(size)} {units[kind]}"


def _years(years: Years) -> str:
    return "" if years is None else f"{years[0]:g} to {years[1]:g}"
