"""Alarm, exposure, where a class gathers, and peers that move."""

from __future__ import annotations

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.engine.simulation import Simulation
from sim.engine.steps.places import exposure, peers_moving, places_view
from tests.engine.conftest import run, simulation
from tests.reference import tiny

CN, VN, JP = (COUNTRY_INDEX[code] for code in ("CN", "VN", "JP"))


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


def test_the_gap_falls_where_the_class_gathers_and_rises_where_it_leaves() -> None:
    s = simulation(tiny.world(), tiny.duties(60), lanes=1)
    assert not places_view(s).ease.any()
    china, vietnam = at(s, 1, CN), at(s, 1, VN)
    s.state.capacity[vietnam] *= 3.0
    s.state.capacity[china] *= 0.5
    ease = places_view(s).ease[1, :, 0]
    base = s.base.capacity[[at(s, 1, c) for c in (JP, CN, VN)]]
    grown = np.log((3.0 * base[2] + base.mean()) / (base[2] + base.mean()))
    assert ease[VN] == pytest.approx(0.6 / 7.7 * grown)
    assert ease[CN] < 0.0
    assert ease[JP] == 0.0
    assert not places_view(s).ease[0].any()


def test_without_agglomeration_nothing_gathers() -> None:
    s = simulation(tiny.world(agglomeration=0.0), tiny.duties(60), lanes=1)
    s.state.capacity *= 2.0
    assert not places_view(s).ease.any()


def test_only_other_firms_of_the_class_are_copied_and_only_for_a_year() -> None:
    s = simulation(tiny.world(), tiny.duties(60), lanes=1)
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
