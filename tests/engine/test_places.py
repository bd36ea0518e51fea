"""Alarm, exposure, where a class gathers, and peers that move."""

from __future__ import annotations

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.engine.simulation import Simulation
from sim.engine.steps.places import (
    _by_place,
    _sisters,
    exposure,
    peers_moving,
    places_view,
)
from tests.engine.conftest import run, simulation
from tests.reference import tiny

CN, VN, JP, US, MX = (COUNTRY_INDEX[code] for code in ("CN", "VN", "JP", "US", "MX"))


def at(s: Simulation, line: int, country: int) -> int:
    """Row of a plant."""
    rows = (s.layout.plant_line == line) & (s.layout.plant_country == country)
    return int(np.flatnonzero(rows)[0])


def test_an_act_alarms_when_it_is_announced_once_and_fades_by_half_in_its_half_life() -> None:
    alarm: list[float] = []
    s = simulation(tiny.world(60), tiny.duties(60), lanes=1)
    run(s, 45, lambda s: alarm.append(float(s.state.alarm[at(s, 1, CN), 0])))
    assert alarm[15] == 0.0
    assert alarm[16] == pytest.approx(0.25)
    assert alarm[19] == pytest.approx(0.25 * 2.0 ** (-3 / 24))
    assert alarm[40] == pytest.approx(0.125)


def test_the_end_of_a_duty_alarms_nobody() -> None:
    duties = tiny.duties(60)
    duties.extra[30:] = duties.extra_claimed[30:] = 0.0
    s = simulation(tiny.world(60), duties, lanes=1)
    acts = s.laws[0].acts[:, at(s, 1, CN)]
    assert np.flatnonzero(acts > 1e-12).tolist() == [16]


def test_a_place_without_acts_never_alarms_and_fear_vanishes_without_aversion() -> None:
    s = run(simulation(tiny.world(60), tiny.duties(60), lanes=1), 30)
    assert s.state.alarm[at(s, 1, VN), 0] == 0.0
    assert places_view(s).fear[at(s, 1, CN), 0] > 0.0
    bold = run(simulation(tiny.world(60, risk_aversion=0.0), tiny.duties(60), lanes=1), 30)
    assert not places_view(bold).fear.any()


def test_exposure_is_the_part_of_a_firms_capacity_value_in_a_place() -> None:
    s = simulation(tiny.world(), tiny.duties(60), lanes=2)
    s.state.capacity[at(s, 1, CN), 1] = 0.0
    share = exposure(s)
    makes = {"JP": 0.5, "CN": 2.8, "VN": 0.8}
    assert share[at(s, 1, CN), 0] == pytest.approx(2.8 / sum(makes.values()))
    assert share[at(s, 1, CN), 1] == 0.0
    assert share[at(s, 1, VN), 1] == pytest.approx(0.8 / 1.3)
    for firm in (0, 1):
        rows = s.layout.plant_line == firm
        np.testing.assert_allclose(share[rows].sum(axis=0), 1.0)


def sisters(**changes: float) -> Simulation:
    """The hand-made world whose carmaker makes printers as well, as far as places can tell."""
    s = simulation(tiny.world(**({"place_spread": 0.0} | changes)), tiny.duties(60), lanes=1)
    s.class_of_line = s.sector_of_line = np.array([0, 0])
    return s


def test_a_place_eases_a_new_plant_by_the_sister_lines_that_stand_there() -> None:
    s = sisters()
    value = 12 * 25e3 * np.array([s.base.output[at(s, 0, c)] for c in (JP, CN, US, MX)]) / 0.88
    ease = places_view(s).ease[1, :, 0]
    crowd = np.log1p(value / value.mean()) - np.log(2.0)
    assert ease[[JP, CN, US, MX]] == pytest.approx(0.55 / 7.7 * crowd)
    assert ease[VN] == pytest.approx(-0.55 / 7.7 * np.log(2.0))
    assert not places_view(s).gathered.any()


def test_the_gap_falls_where_sister_lines_gather_and_rises_where_they_leave() -> None:
    s = sisters()
    usual = s.base.capacity[[at(s, 0, c) for c in (JP, CN, US, MX)]]
    s.state.capacity[at(s, 0, US)] *= 3.0
    s.state.capacity[at(s, 0, CN)] *= 0.5
    gathered = places_view(s).gathered[1, :, 0]
    mean, there = usual.mean(), usual[2]
    grown = np.log((3.0 * there + mean) / (there + mean))
    assert gathered[US] == pytest.approx(0.55 / 7.7 * grown)
    assert gathered[CN] < 0.0
    assert gathered[JP] == 0.0


def test_kin_of_other_classes_count_for_their_part_and_a_line_is_no_sister_of_itself() -> None:
    s = sisters(kin_share=0.25)
    s.class_of_line = np.array([0, 1])
    s.state.capacity[at(s, 1, VN)] *= 5.0
    assert not places_view(s).gathered[1].any()
    whole = _sisters(s, _by_place(s, s.state.capacity))[1]
    assert whole[US, 0] == pytest.approx(0.25 * s.state.capacity[at(s, 0, US), 0])


def test_where_no_sister_stands_anywhere_or_pulls_no_place_is_easier() -> None:
    lone = simulation(tiny.world(place_spread=0.0), tiny.duties(60), lanes=1)
    lone.state.capacity *= 2.0
    assert not places_view(lone).ease.any()
    free = sisters(agglomeration=0.0)
    free.state.capacity *= 2.0
    assert not places_view(free).ease.any()
    assert not places_view(free).gathered.any()


def test_a_place_is_strange_until_another_line_of_the_group_has_capacity_there() -> None:
    s = simulation(tiny.world(place_spread=0.0), tiny.duties(60), lanes=2)
    assert places_view(s).strange[:, US] == pytest.approx(0.9 / 7.7)
    s.group_of_line = np.array([0, 0])
    s.state.capacity[at(s, 0, US), 1] = 0.0
    strange = places_view(s).strange[1]
    assert strange[US].tolist() == [0.0, pytest.approx(0.9 / 7.7)]
    assert strange[VN].tolist() == [pytest.approx(0.9 / 7.7)] * 2


def test_only_other_firms_of_the_class_are_copied_and_only_for_a_year() -> None:
    s = simulation(tiny.world(place_spread=0.0), tiny.duties(60), lanes=1)
    s.state.last_programme[1] = 9
    s.state.month = 12
    assert not peers_moving(s).any()
    s.class_of_line = np.array([0, 0])
    assert peers_moving(s)[:, 0].tolist() == [1.0, 0.0]
    s.state.month = 21
    assert peers_moving(s)[0, 0] == 1.0
    s.state.month = 22
    assert not peers_moving(s).any()
    s.state.month = 12
    s.layout = s.layout._replace(line_firm=np.array([0, 0]))
    assert not peers_moving(s).any()


def test_what_no_data_show_of_a_place_is_one_draw_a_replication_that_widens_with_its_spread() -> (
    None
):
    plain, wide = (
        simulation(
            tiny.world(24, place_spread=sd, own_affiliate_odds=0.0), tiny.duties(24), lanes=3
        )
        for sd in (0.0, 0.05)
    )
    first = places_view(plain).ease - places_view(wide).ease
    drawn = first[plain.layout.plant_line, plain.layout.plant_country]
    assert np.unique(drawn.round(12)).size == drawn.size
    assert 0.03 < drawn.std() < 0.07
    later = places_view(run(plain, 20)).ease - places_view(run(wide, 20)).ease
    np.testing.assert_allclose(later, first, atol=1e-12)


def test_a_programme_is_the_part_of_its_slice_between_the_least_and_that_of_its_line() -> None:
    terms = {"programme_lump_share": 0.3, "programme_lump_units": 50_000.0}
    whole = simulation(tiny.world(12, programme_slice_share=1.0, **terms), tiny.duties(12)).base
    parts = simulation(tiny.world(12, programme_slice_share=0.2, **terms), tiny.duties(12)).base
    assert (parts.slice_lump <= np.maximum(0.2 * parts.slice_volume, 50_000.0) + 1e-9).all()
    assert (parts.slice_lump <= whole.slice_lump).all()
    assert (parts.slice_lump < whole.slice_lump).any()
    assert whole.slice_lump.max() <= whole.programme_lump.max()
