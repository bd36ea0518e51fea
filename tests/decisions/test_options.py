"""A programme's value: hedge, ease, learning, ambiguity, and that its drivers sum to it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.decisions.investment import programmes
from sim.decisions.options import contract_gap, entry_gap, offer, saving
from sim.decisions.views import Costs, Outlook, Places, Terms
from sim.engine.parameters import build_terms
from sim.engine.simulation import Simulation
from sim.engine.steps.costs import costs_view
from sim.engine.steps.outlook import outlook_view
from sim.engine.steps.places import places_view
from sim.engine.steps.reviews import slices_view
from sim.world.build import load_world
from tests.engine.conftest import run, simulation
from tests.reference import tiny

CN, JP, VN, US = (COUNTRY_INDEX[code] for code in ("CN", "JP", "VN", "US"))
DRIVERS = slice(field.FIRST_DRIVER, field.FIELDS)


@pytest.fixture(scope="module")
def taxed() -> Simulation:
    """The hand-made world two years in, a duty on Chinese goods in force for six months."""
    return run(simulation(tiny.world(), tiny.duties(60), lanes=1), 25)


@pytest.fixture(scope="module")
def view(taxed: Simulation) -> tuple[Costs, Outlook, Places]:
    """What a review of that month sees, nobody afraid and no class gathered."""
    places = places_view(taxed)
    nothing = np.zeros_like(places.ease)
    calm = places._replace(
        fear=np.zeros_like(places.fear), ease=nothing, gathered=nothing, strange=nothing
    )
    return costs_view(taxed), outlook_view(taxed), calm


def to_vietnam(s: Simulation) -> tuple[int, int]:
    """Routes of the slice of printers from China to the United States, and over Vietnam."""
    routes, layout = s.layout.slice_route, s.layout
    wanted = (layout.route_origin[routes] == CN) & (layout.route_market[routes] == US)
    q = int(np.flatnonzero(wanted)[0])
    return int(routes[q]), int(layout.slice_destination[q, VN])


def proposal(
    s: Simulation, view: tuple[Costs, Outlook, Places], *, turned: bool = False
) -> np.ndarray:
    """One programme to Vietnam, or back."""
    out = np.zeros(field.FIELDS)
    source, target = to_vietnam(s)
    offer(
        s.layout,
        costs=view[0],
        outlook=view[1],
        terms=s.terms,
        places=view[2],
        source=source,
        target=target,
        volume=1e8,
        gap=0.05,
        sunk=0.04,
        lead=3,
        turned=turned,
        r=0,
        out=out,
    )
    return out


def plants(s: Simulation) -> tuple[int, int]:
    source, target = to_vietnam(s)
    return int(s.layout.route_plant[source]), int(s.layout.route_plant[target])


@pytest.mark.parametrize("turned", [False, True])
def test_drivers_sum_to_the_value_with_hedge_learning_and_ambiguity(
    taxed: Simulation, view: tuple[Costs, Outlook, Places], turned: bool
) -> None:
    costs, outlook, places = view
    rng = np.random.default_rng(1)
    uneasy = places._replace(fear=rng.uniform(0.0, 0.05, places.fear.shape))
    dear = costs._replace(factor=rng.uniform(0.9, 1.1, costs.factor.shape))
    out = proposal(taxed, (dear, outlook, uneasy), turned=turned)
    assert out[DRIVERS].sum() == pytest.approx(out[field.NET], rel=1e-12)


def test_fear_of_the_place_that_is_left_is_worth_itself_and_stands_under_uncertainty(
    taxed: Simulation, view: tuple[Costs, Outlook, Places]
) -> None:
    costs, outlook, places = view
    fear = places.fear.copy()
    home, away = plants(taxed)
    fear[home], fear[away] = 0.03, 0.01
    uneasy = costs, outlook, places._replace(fear=fear)
    difference = proposal(taxed, uneasy) - proposal(taxed, view)
    assert difference[field.NET] == pytest.approx(0.02 * 1e8, rel=1e-9)
    assert difference[field.UNCERTAINTY] == pytest.approx(0.02 * 1e8, rel=1e-9)
    back = proposal(taxed, uneasy, turned=True) - proposal(taxed, view, turned=True)
    assert back[field.NET] == pytest.approx(-0.02 * 1e8, rel=1e-9)


def test_learning_and_scale_stand_under_demand_and_leave_the_other_drivers_alone(
    taxed: Simulation, view: tuple[Costs, Outlook, Places]
) -> None:
    costs, outlook, places = view
    factor = np.ones_like(costs.factor)
    plain = proposal(taxed, (costs._replace(factor=factor), outlook, places))
    assert plain[field.DEMAND] == 0.0
    factor = factor.copy()
    _, away = plants(taxed)
    factor[away] = 1.1
    young = proposal(taxed, (costs._replace(factor=factor), outlook, places))
    loss = 0.1 * costs.plan[away, 0] * 1e8
    assert young[field.DEMAND] == pytest.approx(-loss, rel=1e-9)
    assert young[field.NET] - plain[field.NET] == pytest.approx(-loss, rel=1e-9)
    others = [field.DUTY, field.WAGE, field.FX, field.FREIGHT, field.UNCERTAINTY, field.ENTRY]
    np.testing.assert_array_equal(young[others], plain[others])


def gap_of(s: Simulation, places: Places, origin: int, place: int, capacity: float) -> float:
    """Gap of the tiniest programme of printers."""
    return float(
        entry_gap(
            s.terms, places=places, n=1, o=origin, i=place, volume=1e-9, capacity=capacity, r=0
        )
    )


def test_sister_lines_ease_what_is_new_and_only_new_ones_what_stands(
    taxed: Simulation, view: tuple[Costs, Outlook, Places]
) -> None:
    places = view[2]
    crowded = places._replace(ease=places.ease + 0.01)
    grown = crowded._replace(gathered=places.gathered + 0.01)
    new, stands = (gap_of(taxed, places, CN, US, room) for room in (0.0, 1e9))
    assert gap_of(taxed, crowded, CN, US, 0.0) == pytest.approx(new - 0.01)
    assert gap_of(taxed, crowded, CN, US, 1e9) == stands
    assert gap_of(taxed, grown, CN, US, 1e9) == pytest.approx(stands - 0.01)


def test_pay_counts_against_a_dearer_place_and_a_plant_of_the_line_is_the_least_gap(
    taxed: Simulation, view: tuple[Costs, Outlook, Places]
) -> None:
    places, terms = view[2], taxed.terms
    rise = terms.wage_gap[1, 0] * (places.wage[JP] - places.wage[CN])
    assert rise > 0.04
    least = terms.existing_gap[1, 0]
    assert gap_of(taxed, places, CN, JP, 1e9) == pytest.approx(least + rise)
    assert gap_of(taxed, places, US, JP, 1e9) == pytest.approx(least)
    assert gap_of(taxed, places, CN, VN, 1e9) == pytest.approx(least)
    cheap = places._replace(ease=places.ease + 1.0)
    assert gap_of(taxed, cheap, US, VN, 0.0) == least


def test_a_place_that_the_group_does_not_know_is_dearer_but_not_for_a_contract_maker(
    taxed: Simulation, view: tuple[Costs, Outlook, Places]
) -> None:
    places = view[2]
    strange = places._replace(strange=places.strange + 0.1)
    known = gap_of(taxed, places, CN, US, 0.0)
    assert gap_of(taxed, strange, CN, US, 0.0) == pytest.approx(known + 0.1)
    assert gap_of(taxed, strange, CN, US, 1e9) == gap_of(taxed, places, CN, US, 1e9)
    contract = contract_gap(taxed.terms, places=strange, n=1, o=CN, i=US, r=0)
    assert contract == pytest.approx(known)


def test_odds_of_a_place_answer_its_pay_as_much_as_published_estimates_say() -> None:
    """``wage_location``: an elasticity of -0.7, from -1.5 to -0.1, for every class of lines."""
    world = load_world()
    terms = build_terms({name: values[:, None] for name, values in world.parameters.items()})
    elasticity = terms.theta_slice * terms.wage_gap
    assert np.all((elasticity >= 0.1) & (elasticity <= 1.5))
    assert 0.3 <= np.median(elasticity) <= 1.0


def test_firms_lean_against_a_move_where_a_belief_is_uncertain() -> None:
    """An announced duty on China counts for less, the wider the belief; one on Vietnam for more."""
    s = run(simulation(tiny.world(), tiny.duties(60), lanes=1), 18)
    view = costs_view(s), outlook_view(s), places_view(s)
    source, target = to_vietnam(s)
    assert view[1].announced[0, source].sum() == 0.25
    worth = {}
    for lean in (0.0, 0.3, 1e9):
        worth[lean] = saving(
            s.layout,
            *view[:2],
            terms=s.terms,
            places=view[2],
            source=source,
            target=target,
            lead=3,
            lean=lean,
            r=0,
            out=np.zeros(field.FIELDS),
        )
    b = int(np.flatnonzero(view[1].announced[0, source])[0])
    pi, deviation = view[1].enforced[0, b, 0], view[1].deviation[0, b, 0]
    assert 0.0 < deviation < 0.5
    full = worth[0.0] - worth[1e9]
    assert full > 0.0
    assert worth[0.0] - worth[0.3] == pytest.approx(full * 0.3 * deviation / pi, rel=1e-9)


@pytest.mark.parametrize("month", [6, 30])
def test_nothing_that_would_be_ordered_is_skipped(month: int) -> None:
    """The bound that saves time agrees with trying every place and way, however easy to go."""
    s = run(simulation(tiny.world(), tiny.duties(60), lanes=2), month)
    costs, outlook, places = costs_view(s), outlook_view(s), places_view(s)
    best, ordered = np.zeros((2, 2, field.FIELDS)), 0
    for easier in np.linspace(-0.2, 0.3, 51):
        easy = s.terms._replace(
            entry_gap=s.terms.entry_gap - easier, existing_gap=s.terms.existing_gap - easier
        )
        programmes(
            s.layout,
            costs=costs,
            outlook=outlook,
            terms=easy,
            places=places,
            slices=slices_view(s),
            out=best,
        )
        for r in range(2):
            worth = best_of_all(s, easy, (costs, outlook, places), r)
            ordered += worth > 0.0
            assert best[1, r, field.NET] == pytest.approx(worth, rel=1e-12)
    assert 10 < ordered < 102


def best_of_all(s: Simulation, terms: Terms, view: tuple[Costs, Outlook, Places], r: int) -> float:
    """Greatest value of a programme out of its slice, over every place and way (0 where none)."""
    state, best = s.state, 0.0
    for q, source in enumerate(s.layout.slice_route):
        ordered, whole = state.ordered[q, :, r].sum(), s.base.slice_volume[q]
        volume = min(s.base.slice_lump[q], whole - ordered)
        for i, target in enumerate(s.layout.slice_destination[q]):
            if target < 0 or volume <= 1e-6 * whole:
                continue
            o, room = s.layout.route_origin[source], state.capacity[s.layout.route_plant[target], r]
            new = entry_gap(terms, places=view[2], n=1, o=o, i=i, volume=volume, capacity=0.0, r=r)
            grown = entry_gap(
                terms, places=view[2], n=1, o=o, i=i, volume=volume, capacity=room, r=r
            )
            ways = [(grown, terms.transfer_sunk, terms.transfer_months) if room > 0.0
                    else (new, terms.open_sunk, terms.open_months)]  # fmt: skip
            if s.world.contract_maker[1, i]:
                made = contract_gap(terms, places=view[2], n=1, o=o, i=i, r=r)
                ways.append((made + terms.ems_fee[1, r], terms.ems_sunk, terms.ems_months))
            for gap, sunk, months in ways:
                out = np.zeros(field.FIELDS)
                offer(
                    s.layout,
                    costs=view[0],
                    outlook=view[1],
                    terms=terms,
                    places=view[2],
                    source=source,
                    target=target,
                    volume=volume,
                    gap=gap,
                    sunk=sunk[1, r],
                    lead=int(months[1, r]),
                    turned=False,
                    r=r,
                    out=out,
                )
                net = max(0.0, out[field.NET] / volume)
                if (1.0 - np.exp(-terms.theta_slice[1, r] * net)) * whole >= ordered + volume / 2:
                    best = max(best, out[field.NET])
    return best
