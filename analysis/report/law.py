"""The law that a run used, as part of the report: each instrument once, with dated values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from analysis.pages import Column, fragment, joined, table
from analysis.style import place, plain, product_name
from analysis.summaries.instruments import Version
from sim.results.names import policy_name
from sim.results.numbers import percent
from sim.results.reasons.public_money import size_in_words
from sim.results.run_folder.query import RunFolder

_COLUMNS = (
    Column("From"),
    Column("To"),
    Column("Rate", True),
    Column("Status"),
    Column("Kind"),
    Column("Announced"),
    Column("Source"),
    Column("Evidence"),
)


_SIZES = (
    Column("From"),
    Column("To"),
    Column("Size", True),
    Column("Years of a project"),
    Column("Announced"),
    Column("Source"),
    Column("Evidence"),
)


def law_section(
    run: RunFolder, versions: Iterable[Version], acts: Iterable[Version], policies: int
) -> Markup:
    """Every instrument that was used, in order of importer and first day; subsidies after them."""
    found: list[Markup] = []
    importer = ""
    for version in versions:
        if version.text["importer"] != importer:
            importer = str(version.text["importer"])
            found.append(fragment("heading", text=place(importer)))
        found.append(_article(run, version, policies))
    for number, version in enumerate(acts):
        if not number:
            found.append(fragment("heading", text="Subsidies behind moves of this run"))
        found.append(_act(run, version, policies))
    return joined(found) or fragment("note", text="No instrument bears on a duty of this run.")


def _article(run: RunFolder, version: Version, policies: int) -> Markup:
    text, under = version.text, _under(run, version, policies)
    exporters = ", ".join(_party(code) for code in text["exporters"])
    goods = ", ".join(product_name(code).lower() for code in text["products"])
    note = fragment("note", text=text["note"]) if text.get("note") else Markup("")
    return fragment(
        "instrument",
        id=version.id,
        measure=text.get("measure", version.id),
        title=text["title"],
        basis=text["legal_basis"],
        note=note,
        lanes=f"on {goods} from {exporters}; {under}",
        values=table("Dated values", _COLUMNS, [_value(v) for v in text["values"]]),
    )


def _under(run: RunFolder, version: Version, policies: int) -> str:
    if len(version.policies) == policies:
        return "under every policy"
    return "under " + ", ".join(policy_name(run, name) for name in version.policies)


def _act(run: RunFolder, version: Version, policies: int) -> Markup:
    text = version.text
    goods = ", ".join(product_name(code).lower() for code in text["products"])
    places = ", ".join(place(code) for code in text["places"])
    told = "; ".join(part for part in (text["conditions"], text["note"]) if part)
    return fragment(
        "instrument",
        id=version.id,
        measure=version.id,
        title=text["title"],
        basis=f"{text['legal_basis']}, paid by {place(text['giver'])}",
        note=fragment("note", text=told) if told else Markup(""),
        lanes=f"for {goods} made in {places}; {_under(run, version, policies)}",
        values=table("Dated sizes", _SIZES, [_grant(text, one) for one in text["grants"]]),
    )


def _grant(text: Mapping[str, Any], one: Mapping[str, Any]) -> list[object]:
    years = one["years"]
    return [
        one["start"],
        one["end"] or "",
        size_in_words(str(text["kind"]), float(one["size"])),
        f"{years[0]:g} to {years[1]:g}" if years else "",
        one["announced"] or "",
        one["source"],
        f"{one['evidence']}, {one['confidence']} confidence",
    ]


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
