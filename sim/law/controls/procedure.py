"""The procedure: one shipment, or many on many days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.law.controls.case import Case
from sim.law.controls.china import MaterialCase, decide_china
from sim.law.controls.codes import CHINA_CODES, JAPAN_CODES, US_CODES
from sim.law.controls.export_lists import decide_export_list
from sim.law.controls.law import ControlLaw, enacted
from sim.law.controls.lookup import settle, settle_material
from sim.law.controls.query import Decision, Limb, MaterialDecision, MaterialQuery, Query
from sim.law.controls.switches import Switches
from sim.law.controls.united_states import decide_us

TOOL_IN_CHINAS_LAW = "rare_earth_item"
"""The item as which China's law sees a tool with a known rare-earth share."""


def decide(
    query: Query, on: date, switches: Switches | None = None, law: ControlLaw | None = None
) -> Decision:
    """Whether a tool may be shipped on a day: every authority's answer, limb by limb.

    15 CFR parts 734, 742, 744; Japan's Export Trade Control Order; China's Export Control Law.
    ``switches`` default to those declared in the data, ``law`` to the enacted one.

    Raises
    ------
    LawError
        For every word or number of the query that is wrong, all at once.

    >>> etcher = Query("3B001", 0.05, made="JP", shipped_from="JP", to="CN", customer="smic")
    >>> [decide(etcher, day).us for day in (date(2024, 1, 15), date(2025, 2, 15))]
    ['NLR', 'EXEMPT_S4']
    """
    law = law or enacted()
    case = Case(law, settle(law, query), on, switches or law.defaults)
    us, us_why, us_limbs = decide_us(case)
    japan, japan_why, japan_limbs = decide_export_list(case, "JP")
    dutch, dutch_why, dutch_limbs = decide_export_list(case, "NL")
    china, china_why, china_limbs = _china_on_tool(case)
    parts = [f"US: {us_why}", f"Japan: {japan_why}", f"China: {china_why}"]
    if dutch != "NOT_NL":
        parts.append(f"Netherlands: {dutch_why}")
    limbs = (*us_limbs, *japan_limbs, *dutch_limbs, *china_limbs)
    return Decision(us, japan, china, dutch, "; ".join(parts) + ".", limbs, on)


def _china_on_tool(case: Case) -> tuple[str, str, list[Limb]]:
    """China's answer on a tool: no list names tools, only its rare earths can matter."""
    query = case.query
    if query.rare_earth_share is None:
        return "CN_NONE", "tools are on no Chinese list", []
    material = MaterialQuery(
        TOOL_IN_CHINAS_LAW,
        query.made,
        query.shipped_from,
        query.to,
        query.customer,
        query.rare_earth_share,
        military=query.military,
    )
    return decide_china(MaterialCase(case.law, material, case.on, case.switches))


def decide_material(
    query: MaterialQuery, on: date, switches: Switches | None = None, law: ControlLaw | None = None
) -> MaterialDecision:
    """Whether a material may be shipped on a day under China's law, limb by limb.

    Raises
    ------
    LawError
        For every word or number of the query that is wrong, all at once.

    >>> decide_material(MaterialQuery("gallium", "CN", "CN", "US"), date(2025, 1, 15)).china
    'CN_BAN'
    """
    law = law or enacted()
    case = MaterialCase(law, settle_material(law, query), on, switches or law.defaults)
    china, why, limbs = decide_china(case)
    return MaterialDecision(china, f"China: {why}.", tuple(limbs), on)


def decide_table(
    rows: Sequence[tuple[Query, date]],
    switches: Switches | None = None,
    law: ControlLaw | None = None,
) -> list[Decision]:
    """Decisions on many shipments, each on its day.

    Equal questions in a span of days without a change of law are decided once.

    Raises
    ------
    LawError
        For the first row whose query is wrong, with all its mistakes.
    """
    law = law or enacted()
    switches = switches or law.defaults
    spans: dict[Query, tuple[date, ...]] = {}
    known: dict[tuple[Query, int], Decision] = {}
    decisions: list[Decision] = []
    for query, on in rows:
        if query not in spans:
            spans[query] = _change_days(query, switches, law)
        key = (query, bisect_right(spans[query], on))
        if key not in known:
            known[key] = decide(query, on, switches, law)
        decisions.append(known[key] if known[key].on == on else replace(known[key], on=on))
    return decisions


def _change_days(query: Query, switches: Switches, law: ControlLaw) -> tuple[date, ...]:
    """Days on which the answer to a query may change."""
    settled = settle(law, query)
    names = ["US", *(name for name in ("JP", "NL") if name == query.shipped_from)]
    if query.rare_earth_share is not None:
        names.append("CN")
    return law.change_days(switches, names, (settled.customer, settled.owner))


@dataclass(frozen=True, slots=True)
class DecisionGrid:
    """Answers as arrays: int8[Q, T] of places in the code tuples, and the decisions behind them."""

    us: NDArray[np.int8]
    japan: NDArray[np.int8]
    china: NDArray[np.int8]
    decisions: tuple[tuple[Decision, ...], ...]


def decide_grid(
    queries: Sequence[Query],
    days: Sequence[date],
    switches: Switches | None = None,
    law: ControlLaw | None = None,
) -> DecisionGrid:
    """Every query on every day; the arrays index :data:`US_CODES` and its sisters.

    A decision stands for its whole span of days without a change of law; its ``on`` is the first
    day that was asked for.

    >>> tool = Query("3B991", 1.0, made="US", shipped_from="US", to="CN", customer="ymtc")
    >>> decide_grid([tool], [date(2022, 1, 1), date(2024, 1, 1)]).us.tolist()
    [[0, 6]]
    """
    law = law or enacted()
    switches = switches or law.defaults
    rows = tuple(tuple(_row(query, days, switches, law)) for query in queries)

    def places(codes: tuple[str, ...], name: str) -> NDArray[np.int8]:
        numbers = [[codes.index(getattr(d, name)) for d in row] for row in rows]
        return np.array(numbers, dtype=np.int8).reshape(len(queries), len(days))

    return DecisionGrid(
        places(US_CODES, "us"), places(JAPAN_CODES, "japan"), places(CHINA_CODES, "china"), rows
    )


def _row(
    query: Query, days: Sequence[date], switches: Switches, law: ControlLaw
) -> Iterator[Decision]:
    """One query on every day, decided once in each span without a change of law."""
    changes = _change_days(query, switches, law)
    known: dict[int, Decision] = {}
    for on in days:
        span = bisect_right(changes, on)
        if span not in known:
            known[span] = decide(query, on, switches, law)
        yield known[span]
