"""The Mesa face: live agents over the arrays, the same figures as the batch runner."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from sim.engine.agents import Firm, Option
from sim.engine.block import Block, Lane, run_block
from sim.engine.model import RelocationModel
from sim.errors import InputError
from sim.law.law import load_law
from sim.law.rates.monthly import monthly
from sim.tables import RELOCATION_KINDS


@pytest.fixture(scope="module")
def model() -> RelocationModel:
    """Two and a half years of the real world, one replication."""
    model = RelocationModel(seed=7, last="2019-06")
    model.run_until("2019-06")
    return model


def test_it_is_a_mesa_model_with_named_agents(model: RelocationModel) -> None:
    """Firms, plants and governments are in the model's agent set and can be selected."""
    assert isinstance(model, mesa.Model)
    toyota = model.agents.select(lambda agent: getattr(agent, "id", "") == "toyota")
    assert [firm.name for firm in toyota] == ["Toyota"]
    total = model.agents_by_type[type(model.plants[0])].agg("output", sum)
    assert total == pytest.approx(model.simulation.month.output[:, 0].sum())


def test_attributes_of_agents_are_the_arrays(model: RelocationModel) -> None:
    """Writing an agent's capacity writes the state, and the state is what the agent reads."""
    plant = next(p for p in model.plants if p.firm == "honda" and p.country == "CN")
    before = plant.capacity
    plant.capacity = before / 2.0
    assert model.simulation.state.capacity[plant.row, 0] == pytest.approx(before / 2.0)
    model.simulation.state.capacity[plant.row, 0] = before
    assert plant.capacity == pytest.approx(before)
    with pytest.raises(ValueError, match="cannot be -1"):
        plant.capacity = -1.0


def test_governments_show_the_duty_of_the_month(model: RelocationModel) -> None:
    """In June 2019 the US levies the Section 301 duty on Chinese components."""
    america = next(one for one in model.governments if one.country == "US")
    assert america.duty("CN", "components") > 0.25
    assert america.duty("VN", "components") < 0.05
    assert america.revenue > 0.0


def test_the_trade_graph_carries_flows_and_duties(model: RelocationModel) -> None:
    """Units on the graph's edges are the units shipped in the month, at a yearly rate."""
    graph = model.trade_graph()
    units = sum(found for _, _, found in graph.edges(data="units") if found is not None)
    assert units == pytest.approx(12.0 * model.simulation.month.flow[:, 0].sum())


def test_one_replication_by_hand_equals_the_same_lane_of_a_block(model: RelocationModel) -> None:
    """Stepping in a notebook and running a block of 64 lanes give the same bits."""
    world = model.simulation.world
    lane = Lane("law", "base", 0, 0, {}, detail=True)
    tables = run_block(world, [monthly(load_law(), world.months)], Block("x", 7, (lane,)))
    last = tables["plants"][tables["plants"]["month"] == str(model.month)]
    output = last["output_units"].sum()
    assert output == pytest.approx(model.simulation.month.output[:, 0].sum(), rel=1e-12)
    mine = model.relocations["option_value_usd"].to_numpy()
    np.testing.assert_array_equal(mine, tables["relocations"]["option_value_usd"].to_numpy())


def test_a_firm_that_decides_for_itself_leaves_the_fast_path() -> None:
    """A subclass that refuses every option never moves; the others go on as they would."""
    asked: list[Option] = []

    class Stubborn(Firm):
        def decide(self, options: list[Option]) -> list[Option]:
            asked.extend(options)
            return []

    model = RelocationModel(seed=7, last="2019-12", firms={"makita": Stubborn})
    model.run_until("2019-12")
    assert asked
    assert {one.kind for one in asked} <= set(RELOCATION_KINDS)
    assert any(not one.worth_it for one in asked)
    assert "makita" not in set(model.relocations["firm"])
    assert len(model.relocations) > 0


def test_stepping_past_the_last_month_is_refused_and_changes_nothing() -> None:
    """The model says that it is done and stays where it is."""
    model = RelocationModel(seed=1, last="2017-02")
    model.run_until("2017-02")
    assert not model.running
    for further in (model.step, lambda: model.run_until("2017-03")):
        with pytest.raises(InputError, match="2017-02 is the last month of this model"):
            further()
    assert str(model.month) == "2017-02-01"
    assert model.steps == 2
    assert len(model.datacollector.get_model_vars_dataframe()) == 2


def test_agents_and_models_say_what_they_are() -> None:
    model = RelocationModel(seed=1, last="2017-02")
    assert repr(model).startswith("<RelocationModel not stepped yet, to 2017-02: 54 firms")
    toyota, [plant, *_] = model.firms[0], model.firms[0].plants
    assert repr(toyota).startswith(
        f"<Firm Toyota: {len(toyota.plants)} plants, cars, light_trucks, in JP"
    )
    assert repr(plant) == f"<Plant toyota_cars in JP: {plant.capacity:,.0f} units a year>"
    model.step()
    assert "at 2017-01" in repr(model)
    assert f", {100 * plant.utilisation:.0f} % used>" in repr(plant)
    assert repr(model.governments[0]) == "<Government of Japan>"


@pytest.mark.parametrize("written", ["Brother Industries", "Brother", "brothr"])
def test_a_firm_that_does_not_exist_is_answered_with_the_nearest_id(written: str) -> None:
    with pytest.raises(InputError, match=r"no such firm; did you mean `brother` \(Brother\)\?"):
        RelocationModel(last="2017-02", firms={written: Firm})
