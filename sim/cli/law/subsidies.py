"""How ``kyoten law show`` prints an act that pays firms for making goods in a place."""

from __future__ import annotations

from dataclasses import asdict

from sim.cli.render import console, print_json, print_table, say_wrapped, strong
from sim.law.subsidies.act import Grant, Subsidy
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
        (one.start, one.end or "", _size(act, one), _years(one), one.announced or "")
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


def _size(act: Subsidy, grant: Grant) -> str:
    units = {
        "share_of_outlay": "of the outlay",
        "share_of_price": "of the price",
        "profit_tax": "of profit, in tax",
    }
    if act.kind == "usd_per_unit":
        return f"{grant.size:,.0f} USD a unit"
    return f"{percent(grant.size)} {units[act.kind]}"


def _years(grant: Grant) -> str:
    return "" if grant.years is None else f"{grant.years[0]:g} to {grant.years[1]:g}"
