"""Whether what a firm's own ``decide`` returned can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sim.engine.agents import Firm
from sim.engine.deciding.fault import place_of
from sim.engine.options import EXPANSION, IDLE_STEP, PROGRAMME, Option, affordable
from sim.errors import Fault, InputError

_ONE = {
    PROGRAMME: "a line orders one programme or return a review",
    EXPANSION: "a plant has one expansion at a time",
    IDLE_STEP: "a plant takes one step with its idle room a review",
}
_ONE_OF_OTHERS = "a line takes one a review"


def checked(firm: Firm, options: Sequence[Option], chosen: object) -> list[int]:
    """Places among ``options`` of what a firm chose.

    Raises
    ------
    InputError
        Names everything that cannot be done: an option that the firm was not given, one returned
        twice, two steps for one line or plant, one that is blocked, or more than the budget.
    """
    if not isinstance(chosen, Iterable) or isinstance(chosen, str | bytes):
        raise InputError(_fault(firm, f"returned {chosen!r}", "return a list of options"))
    places = {id(option): k for k, option in enumerate(options)}
    returned = list(chosen)
    wrong = [
        (f"returned what it was not given: {one}", "return options of the list, as they are")
        for one in returned
        if id(one) not in places
    ]
    picked = [places[id(one)] for one in returned if id(one) in places]
    wrong += _clashes(firm, [options[k] for k in picked])
    if wrong:
        raise InputError(_fault(firm, *one) for one in wrong)
    return picked


def _clashes(firm: Firm, chosen: Sequence[Option]) -> Iterator[tuple[str, str]]:
    """What forbids doing all of this in one review, with its cure."""
    once = list({id(one): one for one in chosen}.values())
    for option in once:
        if sum(one is option for one in chosen) > 1:
            yield f"returned twice: {option}", "return it once"
    taken: dict[tuple[str, int], Option] = {}
    for option in once:
        other = taken.setdefault((option.step, option.row), option)
        if other is not option:
            rule = _ONE.get(option.step, _ONE_OF_OTHERS)
            yield f"returned both {other} and {option}", f"choose one: {rule}"
        if option.blocked:
            yield f"returned {option}: {option.blocked}", "leave it out"
    free = [one for one in once if not one.blocked]
    yield from _beyond(firm, free)


def _beyond(firm: Firm, chosen: Sequence[Option]) -> Iterator[tuple[str, str]]:
    """What the budget does not reach."""
    if len(affordable(chosen, firm.budget)) < len(chosen):
        asked = sum(one.outlay_usd for one in chosen if one.step != IDLE_STEP)
        wrong = f"orders for {asked:,.0f} USD; the budget is {firm.budget:,.0f} USD"
        yield wrong, "choose less: `affordable` of sim.engine.options does"


def _fault(firm: Firm, wrong: str, cure: str) -> Fault:
    """A fault at the firm's ``decide``."""
    file, line = place_of(type(firm).decide)
    month = f"{firm.model.month:%Y-%m}"
    return Fault(file, f"{type(firm).__name__}.decide", f"{firm.id}, {month}: {wrong}", cure, line)
