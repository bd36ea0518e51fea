"""The first screen of a comparison: the answer in sentences, its doubts, its largest totals."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from sim.cli.render import print_table, say_wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sim.results.answer.answer import Answer
    from sim.results.answer.totals import Total

SHOWN = 3
"""Totals of each kind on the first screen."""
WHOLE = 0.1
"""Part of the base from which whole per cents say enough."""
FEWEST = 2
"""The same for money."""
COLUMNS = ("", "change", "of base", "range of\nfutures", "precision\nof the mean")

LEGEND = (
    "Range of futures: eight in ten single runs. Precision of the mean: 95 %. Goods in USD at 2017"
    " prices, duty, profit and chip tools in USD of the day."
)


def print_answer(found: Answer, folder: Path, *, more: bool) -> None:
    """Print sentences, doubts and the totals that change most; ``more`` tells where the rest is."""
    for sentence in found.sentences:
        say_wrapped(str(sentence), hang=0)
        print()
    for doubt in found.doubts:
        say_wrapped(str(doubt), mark="Doubt: ")
    rows = list(_rows(found))
    if not rows:
        return
    print()
    title = f"Output and money of {found.year}, change over {found.futures} paired runs"
    print_table(title, COLUMNS, rows, breaks=1)
    say_wrapped(LEGEND, hang=0)
    if more:
        why = f"kyoten why {folder} --policy {found.policy} --against {found.against}"
        say_wrapped(f"Every table: the same with --all. Reasons by firm: {why}", hang=0)


def _rows(found: Answer) -> Iterable[tuple[str, ...]]:
    from sim.results.numbers import amount, between, percent

    for total in _shown(found):
        spread = total.spread
        moved = total.measure.startswith("moved")
        share = total.difference / total.base if total.base > 0 and not moved else float("nan")
        part = "" if isnan(share) else percent(share, 0 if abs(share) >= WHOLE else 1)
        yield (
            label(total, found),
            amount(spread.difference, signed=True, digits=2),
            f"{'+' if part and total.difference > 0 else ''}{part}",
            between(spread.futures_low, spread.futures_high),
            between(spread.low, spread.high),
        )


def _shown(found: Answer) -> list[Total]:
    """Totals of the first screen: those of the subjects first, then each kind's largest."""
    from sim.results.answer.measures import GOODS_UNIT, VEHICLES_UNIT
    from sim.results.answer.subject import LEAST

    told: list[Total] = []
    for subject in found.subjects:
        told += [subject.lead, *subject.parts] if subject.kind == "moved" else []
    for unit in (VEHICLES_UNIT, GOODS_UNIT):
        least = LEAST * found.found.world("output", unit)
        told += [t for t in found.found.of("output", unit)[:SHOWN] if abs(t.difference) >= least]
    for one in found.subjects:
        told += [one.lead, *one.parts] if one.kind == "tools" else []
    for measure in ("duty", "profit"):
        told += [t for t in found.found.of(measure)[:FEWEST] if _counts(t)]
    return told


def _counts(total: Total) -> bool:
    """Whether money changes by a hundredth of what it was."""
    from sim.results.answer.subject import LEAST_MONEY

    return abs(total.difference) >= LEAST_MONEY * abs(total.base) and total.difference != 0.0


def label(total: Total, found: Answer) -> str:
    """Name of a total, short enough for a table."""
    from sim.results.answer.measures import VEHICLES_UNIT
    from sim.results.names import place_in_words

    def name(code: str) -> str:
        words = place_in_words(code)
        return words.removeprefix("the ").replace("rest of", "Rest of")

    goods = "vehicles" if total.unit == VEHICLES_UNIT else "goods"
    firm = found.names.get(total.firm, total.firm)
    return {
        "moved_out": f"Moved out of {name(total.from_country)}, {goods}",
        "moved": f"  to {name(total.country)}",
        "moved_by_firm": f"  by {firm}",
        "output": f"{goods.capitalize()}, {name(total.country)}",
        "duty": f"Duty paid, {name(total.country)}",
        "profit": "Operating profit",
        "tool_sales": f"Chip tools sold, {name(total.country)}",
        "tool_sales_by_firm": f"  by {firm}",
        "tool_sales_so_far": "Chip tools sold, so far",
        "tools_refused": "Orders refused or withdrawn",
        "tools_waiting": "Orders waiting",
        "tools_diverted": "Orders from US makers",
        "chinese_tools": "Chinese makers' sales",
    }[total.measure]
