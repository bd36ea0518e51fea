"""Everything that a firm could order in this review, worth it or not, as options.

The kernels list a line's proposals in one lane; here they get their names, their draw and the
reasons that forbid them. No option is left out by the bound that saves the fast path time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.arrays import Flags, Floats
from sim.axes import COUNTRIES, PRODUCTS
from sim.decisions import proposal as field
from sim.decisions.capacity import considered_expansions
from sim.decisions.idleness import STEPS as IDLE_KINDS
from sim.decisions.idleness import considered_idle_steps
from sim.decisions.investment import considered_programmes, most_programmes
from sim.decisions.proposal import Listed
from sim.decisions.views import Costs, Outlook
from sim.engine.options import EXPANSION, IDLE_STEP, PROGRAMME, Option, best_options
from sim.engine.record.relocations import places_of
from sim.engine.simulation import Simulation
from sim.engine.steps.draws import drawn
from sim.engine.steps.orders import equity_share, is_expanding
from sim.engine.steps.places import places_view
from sim.engine.steps.reviews import orders_view, room_view, slices_view
from sim.tables import DRIVERS, RELOCATION_KINDS

_EXPANDING = "an expansion of this plant is under way"


@dataclass(frozen=True, slots=True, eq=False)
class Considered:
    """A firm's options in one lane, and the proposal vector behind each."""

    options: list[Option]
    proposals: Floats
    """float64[rows, fields]: one row an option."""


class Review:
    """What all lanes of a block look at in one review, gathered once for every firm that asks."""

    def __init__(self, s: Simulation, outlook: Outlook, costs: Costs) -> None:
        self.s, self.outlook, self.costs = s, outlook, costs
        self.places, self.slices = places_view(s), slices_view(s)
        self.orders, self.room = orders_view(s), room_view(s)
        self.drawn = {name: drawn(s, name) for name in ("decision", "expansion", "closure")}
        plants = int(np.diff(s.layout.line_plants).max(initial=0)) * len(IDLE_KINDS)
        rows = max(most_programmes(s.layout, len(COUNTRIES)), plants)
        self._out, self._wanted = np.zeros((rows, field.FIELDS)), np.zeros(rows, dtype=np.bool_)

    def considered(self, firm: int, lane: int) -> Considered:
        """Options of a firm in a lane, its lines one after the other, each step by step."""
        options: list[Option] = []
        proposals = [np.empty((0, field.FIELDS))]
        for n in np.flatnonzero(self.s.layout.line_firm == firm):
            for step, listed in self._steps(int(n), lane):
                options += self._options(step, listed, int(n), lane)
                proposals.append(listed.proposals)
        best = {id(option) for option in best_options(options)}
        options = [
            dataclasses.replace(option, kernel_takes=True) if id(option) in best else option
            for option in options
        ]
        return Considered(options, np.concatenate(proposals))

    def _steps(self, n: int, r: int) -> Iterator[tuple[str, Listed]]:
        """Everything that line n could do in lane r, by step."""
        yield PROGRAMME, self._programmes(n, r)
        yield EXPANSION, self._expansions(n, r)
        yield IDLE_STEP, self._idle_steps(n, r)
        for mechanism in self.s.mechanisms:
            if mechanism.name in self.s.own:
                listed = mechanism.considered(self.s, self.s.own[mechanism.name], n, r)
                if listed is not None:
                    yield mechanism.name, listed

    def _programmes(self, n: int, r: int) -> Listed:
        """Programmes out and home again."""
        count = considered_programmes(
            self.s.layout,
            costs=self.costs,
            outlook=self.outlook,
            terms=self.s.terms,
            places=self.places,
            slices=self.slices,
            n=n,
            r=r,
            out=self._out,
            wanted=self._wanted,
        )
        return self._listed(count, np.repeat(self.drawn["decision"][n, r], count))

    def _expansions(self, n: int, r: int) -> Listed:
        """More room in plants that stand."""
        count = considered_expansions(
            self.s.layout,
            costs=self.costs,
            outlook=self.outlook,
            terms=self.s.terms,
            orders=self.orders,
            room=self.room,
            n=n,
            r=r,
            out=self._out,
            wanted=self._wanted,
        )
        return self._listed(count, self._drawn_plants("expansion", count, r))

    def _idle_steps(self, n: int, r: int) -> Listed:
        """Idle room laid up, restarted or closed."""
        count = considered_idle_steps(
            self.s.layout,
            costs=self.costs,
            terms=self.s.terms,
            orders=self.orders,
            room=self.room,
            n=n,
            r=r,
            out=self._out,
            wanted=self._wanted,
        )
        return self._listed(count, self._drawn_plants("closure", count, r))

    def _listed(self, count: int, drawn_rows: Flags) -> Listed:
        return Listed(self._out[:count].copy(), self._wanted[:count].copy(), drawn_rows)

    def _drawn_plants(self, stream: str, count: int, r: int) -> Flags:
        plants = self._out[:count, field.PLANT].astype(np.int64)
        return np.asarray(self.drawn[stream][plants, r])

    def _options(self, step: str, listed: Listed, n: int, r: int) -> list[Option]:
        """Proposals of line n in lane r with their names."""
        s, proposals, of_plant = self.s, listed.proposals, step in (EXPANSION, IDLE_STEP)
        product, line = PRODUCTS[s.world.product_of_line[n]], s.world.lines[n].id
        partner, places = s.counterparties(proposals), places_of(s, proposals)
        options = []
        for k, values in enumerate(proposals.tolist()):
            p, sunk = int(values[field.PLANT]), values[field.SUNK]
            borne = sunk - values[field.GRANT]
            options.append(Option(
                step=step, kind=RELOCATION_KINDS[int(values[field.KIND])], line=line,
                product=product, from_country=places["from_country"][k],
                to_country=places["to_country"][k], market=places["market"][k],
                slice=int(values[field.SLICE]) if step == PROGRAMME else -1, partner=partner[k],
                units=values[field.VOLUME], value_usd=values[field.NET],
                drivers=dict(zip(DRIVERS, values[field.FIRST_DRIVER :], strict=True)),
                sunk_cost_usd=sunk, outlay_usd=equity_share(s, p) * borne if of_plant else borne,
                lead_months=int(values[field.LEAD]), hurdle=values[field.HURDLE],
                worth_it=bool(listed.wanted[k]), drawn=bool(listed.drawn[k]),
                blocked=_EXPANDING if step == EXPANSION and is_expanding(s, n, p, r) else "",
                row=p if of_plant else n,
            ))  # fmt: skip
        return options
