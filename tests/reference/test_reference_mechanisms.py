"""New mechanisms of the specification, one by one, where pencil and paper suffice."""

from __future__ import annotations

import math

import pytest

from tests.reference import cost, gaps, parts, shipping, tiny, transport
from tests.reference.base_year import make_line
from tests.reference.beliefs import Law
from tests.reference.industry import Industry
from tests.reference.model import ReferenceModel
from tests.reference.rows import Line

US, CN, JP = (tiny.C[code] for code in ("US", "CN", "JP"))


def cars() -> Line:
    """The carmaker in its base year."""
    return make_line(tiny.world(12), 0)


def model(months: int, **changes: float) -> ReferenceModel:
    """A run of the tiny world with tariffs."""
    run = ReferenceModel(tiny.world(months, **changes), tiny.duties(months), seed=1)
    run.run()
    return run


def test_new_capacity_starts_dear_and_learns_by_half_lives() -> None:
    line = cars()
    plant = line.plants[US]
    cost.take_up(line, plant, plant.capacity)
    assert plant.ramp == pytest.approx(line.par.start_up_premium / 2)
    for _ in range(int(line.par.start_up_half_life_months)):
        cost.fade_ramp(line, plant)
    assert plant.ramp == pytest.approx(line.par.start_up_premium / 4)
    scale = 2**-line.par.scale_elasticity
    assert cost.experience(line, plant) == pytest.approx((1 + plant.ramp) * scale)


def test_a_taxed_supplier_keeps_its_part_as_a_second_source() -> None:
    run = ReferenceModel(tiny.world(12, parts_reallocation=1.0, parts_theta=50.0),
                         tiny.duties(12), seed=1)  # fmt: skip
    run.step()
    line = make_line(run.world, 0)
    plant = line.plants[US]
    plant.supplier_duty = (0.25, 0.0, 0.0)
    parts.switch_suppliers(line, plant, run.macro)
    kept = line.par.dual_source_share * plant.first_sources[0]
    assert plant.sources[0] == pytest.approx(kept / (1 + kept), rel=1e-3)
    assert sum(plant.sources) == pytest.approx(1)


def test_rivals_follow_by_their_reply_and_the_index_weighs_them() -> None:
    line = cars()
    outlet = line.outlets[US]
    outlet.part_of_market, outlet.price = 0.4, 1.1
    ours = 0.4 * math.log(1.1)
    expected = ours + 0.6 * line.par.rival_reply * ours
    industry = Industry([line], tiny.world(12))
    assert industry.log_market_price(line, outlet) == pytest.approx(expected)
    cheaper = industry.log_market_price(line, outlet, -0.1)
    assert cheaper == pytest.approx(expected - 0.6 * 0.1), "rivals' own prices"


def test_overtime_costs_the_premium_on_average_half_at_full_use() -> None:
    line = cars()
    plant = line.plants[US]
    plant.full_cost, plant.output = 100.0, plant.use()
    beyond = (1 - plant.straight) * plant.use()
    expected = 100.0 * line.par.overtime_premium * beyond / 2
    assert shipping.overtime(line, plant) == pytest.approx(expected)


def test_room_grows_from_straight_time_to_all_as_rent_pays_for_overtime() -> None:
    line = cars()
    plant = line.plants[US]
    dearest = line.par.theta * math.log(1 + line.par.overtime_premium)
    rooms = []
    for plant.log_rent in (0.0, dearest, 2 * dearest):
        rooms.append(transport.room(line, plant) / plant.use())
    assert rooms == pytest.approx([line.par.straight_time_share, 1, 1])


def test_an_announced_duty_alarms_once() -> None:
    run = ReferenceModel(tiny.world(36), tiny.duties(36), seed=1)
    plant = next(firm for firm in run.agents if firm.name == "midori").lines[0].plants[CN]
    alarms = []
    for _ in range(24):
        run.step()
        alarms.append(plant.alarm)
    fade = 0.5 ** (1 / 24)
    assert alarms[:16] == [0.0] * 16
    assert alarms[16:22] == pytest.approx([0.25 * fade**n for n in range(6)])


def test_importers_fill_up_before_an_announced_duty_and_not_without_it() -> None:
    quiet = {"demand_noise_sd": 0.0, "decision_probability": 0.0}
    key = "midori_printers", "CN", "US"
    runs = [model(36, ahead_months=months, **quiet) for months in (0.0, 2.0)]
    before = [sum(r.records[t].flows[key].units for t in range(16, 18)) for r in runs]
    since = [sum(r.records[t].flows[key].units for t in range(19, 25)) for r in runs]
    assert before[1] > 1.02 * before[0]
    assert since[1] < since[0]
    for t in range(16):
        flows = [r.records[t].flows[key].units for r in runs]
        assert flows[0] == flows[1]


def test_firms_move_sooner_where_the_others_of_their_class_have_moved() -> None:
    lines = [make_line(tiny.world(12), 1) for _ in range(3)]
    lines[1].firm, lines[2].firm = "b", "c"
    industry = Industry(lines, tiny.world(12))
    lines[0].ordered_in, lines[1].ordered_in = [12], [12]
    assert industry.imitated(lines[0], 24) == 0.5
    assert industry.imitated(lines[0], 12) == industry.imitated(lines[0], 25) == 0
    assert industry.imitated(lines[2], 24) == 1


def test_a_place_with_more_sister_lines_pulls_and_one_with_less_repels() -> None:
    line, sister = cars(), cars()
    sister.id = "sister"
    industry = Industry([line, sister], tiny.world(12))
    before = [gaps.gap_of_new_plant(line, CN, line.plants[i], industry) for i in (US, JP, CN)]
    sister.plants[US].capacity *= 2
    sister.plants[JP].capacity /= 2
    industry.look()
    after = [gaps.gap_of_new_plant(line, CN, line.plants[i], industry) for i in (US, JP, CN)]
    assert after[0] < before[0]
    assert after[1] > before[1]
    assert after[2] == before[2]


def test_a_group_knows_the_places_of_its_other_lines() -> None:
    line, other = cars(), cars()
    other.id, line.par.agglomeration = "other", 0.0
    alone, together = (Industry(lines, tiny.world(12)) for lines in ([line], [line, other]))
    far = line.plants[JP]
    odds = line.par.own_affiliate_odds / line.par.theta_slice
    known = gaps.gap_of_new_plant(line, CN, far, together)
    assert gaps.gap_of_new_plant(line, CN, far, alone) == pytest.approx(known + odds)


def test_belief_leans_against_the_move_by_the_deviation() -> None:
    law = Law(tiny.world(12), tiny.duties(12))
    par = make_line(law.world, 0).par
    proposed = 1
    sure = law.enforcement(par, 0, proposed)
    cases = par.proposed_prior_yes + par.proposed_prior_no
    deviation = math.sqrt(sure * (1 - sure) / (cases + 1))
    low, high = law.leaning(par, 0, proposed, -1), law.leaning(par, 0, proposed, 1)
    assert (high + low) / 2 == pytest.approx(sure)
    assert (high - low) / 2 == pytest.approx(par.ambiguity_aversion * deviation)


def test_parts_makers_see_their_assemblers_at_base_prices() -> None:
    line = cars()
    industry = Industry([line], tiny.world(12))
    assert industry.assemblers(US) == 1
    line.plants[US].smooth_output /= 2
    assert industry.assemblers(US) == pytest.approx(0.5)
    assert industry.assemblers(tiny.C["VN"]) == 1


NEUTRAL = {
    "rival_reply": 0.0, "ahead_months": 0.0, "overtime_premium": 0.0, "start_up_premium": 0.0,
    "scale_elasticity": 0.0, "parts_reallocation": 0.0, "invoice_maker_share": 0.0,
    "risk_aversion": 0.0, "agglomeration": 0.0, "lead_time_sd": 0.0, "mothball_cost_share": 1.0,
    "product_strength": 0.0, "energy_share": 0.0, "ambiguity_aversion": 0.0, "local_appeal": 0.0,
    "supplier_support": 0.0,
}  # fmt: skip
"""Values at which a mechanism is off; imitation and parts makers need more lines than the two, and
a second source is kept only where duties or ``parts_theta`` are very high."""


@pytest.fixture(scope="module")
def usual() -> ReferenceModel:
    """Five years at default parameters."""
    return model(60)


@pytest.mark.slow
@pytest.mark.parametrize("name", NEUTRAL)
def test_a_mechanism_moves_something_in_five_years(name: str, usual: ReferenceModel) -> None:
    other = model(60, **{name: NEUTRAL[name]})
    same = [a == b for a, b in zip(usual.records, other.records, strict=True)]
    assert same[0]
    events = [[(e.kind, e.option_value_usd, e.operating) for e in m.events] for m in (usual, other)]
    assert not all(same) or events[0] != events[1]
