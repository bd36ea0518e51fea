"""Something that a firm could order in a review, and the kernels' choice among such things.

What is here is plain Python that does what the kernels do: the best of what is worth it, the draw,
and the budget, in the order in which the engine pays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PROGRAMME, EXPANSION, IDLE_STEP = STEPS = "programme", "expansion", "idle_step"
"""Steps of a review in their order; those of mechanisms, by their names, come after them."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that a firm could order in this review: what it is worth a year, and why.

    Money is real 2017 USD. Countries are codes of :data:`sim.axes.COUNTRIES`, empty where the kind
    has none, as in the ``relocations`` table.
    """

    step: str
    """Step of the review: one of :data:`STEPS`, or the name of a mechanism (``partners``)."""
    kind: str
    """One of :data:`sim.tables.RELOCATION_KINDS`; :data:`sim.tables.MOVES` are the ways out."""
    line: str
    product: str
    from_country: str
    """Whom work leaves, or whose capacity is closed or laid up."""
    to_country: str
    """Where work goes, or whose capacity grows."""
    market: str
    """Market that a programme serves."""
    slice: int
    """Row of the programme's slice (what one country makes for one market); -1 for other kinds."""
    partner: str
    """Technology partner that would be taken, firm whose plant would be shared; else empty."""
    units: float
    """Units a year."""
    value_usd: float
    """Yearly value over holding, net of the hurdle; below 0 where it is not worth it."""
    drivers: Mapping[str, float]
    """What the value is made of: one entry for each of :data:`sim.tables.DRIVERS`."""
    sunk_cost_usd: float
    """Outlay that cannot be recovered."""
    outlay_usd: float
    """What the firm pays of it: in a joint venture its partner pays the rest."""
    lead_months: int
    """Months until the first output, as planned."""
    hurdle: float
    """Multiple that the sunk cost must earn."""
    worth_it: bool
    """Whether it passes the kernel's own test: its slice wants it, it pays, idleness is ripe."""
    drawn: bool
    """Whether this quarter's draw lets the line or plant decide on such a step."""
    blocked: str
    """Why it cannot be ordered now; empty where it can."""
    row: int
    """Row of the line, of the plant for capacity, in the arrays of the simulation."""
    kernel_takes: bool = False
    """Whether the kernel would take it: the best of its line or plant, whatever the draw says."""

    @property
    def contract_maker(self) -> bool:
        """Whether somebody else would make it for a fee."""
        return self.kind == "ems"

    def __str__(self) -> str:
        places = [
            f"{word} {code}"
            for word, code in (
                ("from", self.from_country),
                ("to", self.to_country),
                ("for", self.market),
            )
            if code
        ]
        return " ".join([self.kind, "of", self.line, *places])


def best_options(options: Iterable[Option]) -> list[Option]:
    """What the kernels would take of these, whatever was drawn.

    For each line the programme of greatest value, a return only where nothing should go out; for
    each plant its expansion and the first step with idle room; for each line a partner. Options
    that are not worth it never count. Among equals the first wins.
    """
    best: dict[tuple[str, int], Option] = {}
    for option in options:
        key = option.step, option.row
        if option.worth_it and (key not in best or _better(option, best[key])):
            best[key] = option
    return list(best.values())


def _better(option: Option, than: Option) -> bool:
    if option.step == IDLE_STEP:
        return False
    back, than_back = option.kind == "return", than.kind == "return"
    return than_back if back != than_back else option.value_usd > than.value_usd


def in_turn(options: Iterable[Option]) -> list[Option]:
    """Options in the order in which the engine pays for them.

    Programmes first, then expansions, idle steps and what mechanisms offer, such as partners. What
    lines do goes by its value, the greatest first; what plants do as they stand in the arrays.
    """
    return sorted(options, key=_turn)


def _turn(option: Option) -> tuple[int, float, int]:
    order = STEPS.index(option.step) if option.step in STEPS else len(STEPS)
    of_plant = option.step in (EXPANSION, IDLE_STEP)
    return order, 0.0 if of_plant else -option.value_usd, option.row


def affordable(options: Iterable[Option], budget_usd: float) -> list[Option]:
    """Those that can be ordered, in turn: what the budget does not reach is passed over.

    Steps with idle room are paid from cash.
    """
    ordered = []
    for option in in_turn(options):
        if option.blocked:
            continue
        if option.step != IDLE_STEP:
            if budget_usd < option.outlay_usd:
                continue
            budget_usd -= option.outlay_usd
        ordered.append(option)
    return ordered
