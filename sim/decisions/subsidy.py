"""What subsidies are worth to a move: a part of what is built, and pay or spared tax every year.

``docs/model.md`` 8, Subsidies. As everything in siting it counts against the base year: what was
paid then and still is draws nobody.
"""

from __future__ import annotations

import math

from numba import njit

from sim.axes import MONTHS_PER_YEAR
from sim.decisions.views import Outlook, Terms

NOW, BASE = range(2)
"""Places on the second axis of :class:`sim.decisions.views.Subsidies`."""


@njit(cache=True, error_model="numpy")
def yearly_subsidy(
    outlook: Outlook, terms: Terms, w: int, n: int, left: int, taken: int, lead: int, r: int
) -> float:
    """Yearly subsidy of work that goes from place ``left`` to ``taken``, share of price.

    Ready in ``lead`` months; as a permanent benefit, above what it was in the base year. What a
    project gets in its own first years is lost nowhere: it was for the work that stands there.
    """
    here = _worth(outlook, terms=terms, w=w, when=NOW, n=n, i=left, lead=lead, stands=True, r=r)
    here -= _worth(outlook, terms=terms, w=w, when=BASE, n=n, i=left, lead=lead, stands=True, r=r)
    there = _worth(outlook, terms=terms, w=w, when=NOW, n=n, i=taken, lead=lead, stands=False, r=r)
    there -= _worth(
        outlook, terms=terms, w=w, when=BASE, n=n, i=taken, lead=lead, stands=False, r=r
    )
    return there - here


@njit(cache=True, error_model="numpy")
def _worth(
    outlook: Outlook, terms: Terms, w: int, when: int, n: int, i: int, lead: int,
    stands: bool, r: int,
) -> float:  # fmt: skip
    """Share of price that acts of one time give every year at place i, as a permanent benefit."""
    acts, total = outlook.subsidies, 0.0
    rate = terms.discount[n, r] + terms.depreciation[n, r]
    ready = lead / MONTHS_PER_YEAR
    for a in range(acts.size.shape[4]):
        size, project = acts.size[w, when, n, i, a], acts.project[w, when, n, i, a]
        if size == 0.0 or (stands and project):
            continue
        if acts.tax[w, when, n, i, a]:
            size *= terms.taxed_margin[n, r]
        first, last = acts.first[w, when, n, i, a], acts.last[w, when, n, i, a]
        total += size * lasting_part(
            first=first,
            last=last,
            project=project,
            ready=ready,
            rate=rate,
            hazard=terms.subsidy_hazard[n, r],
        )
    return total


@njit(cache=True, error_model="numpy")
def lasting_part(
    first: float, last: float, project: bool, ready: float, rate: float, hazard: float
) -> float:
    """What is paid yearly from one year to another is worth this part of the same for ever.

    Years from now; of a ``project`` from its own start, which is when it is ``ready``.
    """
    if project:
        first, last, hazard = first + ready, last + ready, 0.0
    first = max(first, ready)
    if last <= first:
        return 0.0
    lasting = 1.0 - math.exp(-(rate + hazard) * (last - first))
    later = math.exp(-rate * (first - ready) - hazard * first)
    return rate / (rate + hazard) * later * lasting


@njit(cache=True, error_model="numpy")
def most_subsidy(
    outlook: Outlook, terms: Terms, w: int, n: int, left: int, taken: int, r: int
) -> float:
    """The most that :func:`yearly_subsidy` can be, whatever the lead."""
    acts, total, sign = outlook.subsidies, 0.0, 1.0
    for when in range(2):
        for a in range(acts.size.shape[4]):
            there, here = acts.size[w, when, n, taken, a], acts.size[w, when, n, left, a]
            of_tax = terms.taxed_margin[n, r]
            weight_there = of_tax if acts.tax[w, when, n, taken, a] else 1.0
            weight_here = of_tax if acts.tax[w, when, n, left, a] else 1.0
            total += max(0.0, sign * there) * weight_there
            total += max(0.0, -sign * here) * weight_here
        sign = -1.0
    return total
