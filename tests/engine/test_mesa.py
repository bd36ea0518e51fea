"""What users of Mesa do: own agents in phases, agent sets, collectors, copies and batch runs."""

from __future__ import annotations

import copy
import pickle
import random
import warnings
from datetime import date
from functools import cache
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.batchrunner import batch_run

from sim.engine.agents import Firm, Government, Plant
from sim.engine.model import RelocationModel
from sim.engine.reporters import REPORTERS
from sim.errors import InputError
from sim.world.build import load_world
from sim.world.narrowing import narrowed
from sim.world.world import World
from tests.engine.mesa_models import Bank, Collecting, Counting, shipped

LINES = ("suzuki_cars", "ricoh_printers", "makita_machinery")


@cache
def world() -> World:
    """Three lines of the real world, to the end of 2018."""
    return narrowed(load_world(last=date(2018, 12, 1)), LINES)


def model(**given: Any) -> RelocationModel:
    """A small model at month 0."""
    return RelocationModel(seed=7, world=world(), **given)


def test_an_agent_of_the_users_own_steps_in_the_phase_that_it_names() -> None:
    """Within the month, after what happens in that phase."""
    one = model()
    bank = Bank(one)
    for _ in range(3):
        one.step()
    assert bank.seen == [("2017-01", True), ("2017-02", True), ("2017-03", True)]


def test_agents_step_in_the_order_of_phases_and_then_of_their_making() -> None:
    order: list[str] = []

    class Noted(mesa.Agent):
        def __init__(self, model: mesa.Model, name: str) -> None:
            super().__init__(model)
            self.name = name

        def step(self) -> None:
            order.append(self.name)

    one = model()
    last, first, early = (Noted(one, name) for name in ("agents", "books", "news"))
    another = Noted(one, "agents too")
    one.register(first, phase="books")
    one.register(early, phase="news")
    one.register(last)
    one.step()
    assert order == ["news", "books", "agents", "agents too"]
    another.remove()
    one.step()
    assert order[4:] == ["news", "books", "agents"]


def test_a_phase_that_there_is_not_is_refused_with_the_nearest_name() -> None:
    one = model()

    class Lost(mesa.Agent):
        phase = "bokos"

    with pytest.raises(InputError, match="no phase `bokos`; did you mean `books`"):
        Lost(one)
    with pytest.raises(InputError, match="no phase `flow`; did you mean `flows`"):
        one.register(Bank(one), phase="flow")
    with pytest.raises(InputError, match="belongs to another model"):
        model().register(Bank(one))


def test_an_exception_in_a_users_step_is_told_at_its_line() -> None:
    class Broken(mesa.Agent):
        def step(self) -> None:
            raise KeyError("rate")

    one = model()
    Broken(one)
    with pytest.raises(InputError, match=r"test_mesa.py:\d+: Broken.step: KeyError: 'rate'"):
        one.step()


def test_agent_sets_reach_all_agents() -> None:
    """Select, aggregate, get, set, do and shuffle work over the arrays."""
    one = model()
    Bank(one)
    one.step()
    assert set(one.agents_by_type) == {Firm, Plant, Government, Bank}
    plants = one.agents_by_type[Plant]
    total = float(one.simulation.month.output.sum())
    assert plants.agg("output", sum) == pytest.approx(total)
    at_home = one.agents.select(
        lambda agent: getattr(agent, "country", "") == "JP", agent_type=Plant
    )
    assert set(at_home.get("country")) == {"JP"}
    at_home.set("capacity", 12.0)
    assert set(at_home.get("capacity")) == {12.0}
    assert one.simulation.state.capacity.min() >= 0.0
    seen: list[int] = []
    one.agents.do(lambda agent: seen.append(agent.unique_id))
    one.agents.shuffle_do(lambda agent: seen.append(agent.unique_id))
    assert len(seen) == 2 * len(one.agents)
    assert sorted(seen[: len(seen) // 2]) == sorted(seen[len(seen) // 2 :])
    assert one.agents.get("country", handle_missing="default", default_value="")


def test_a_data_collector_reports_on_model_and_agents() -> None:
    one = Collecting(seed=7, world=world(), last="2017-03")
    one.run_until("2017-03")
    table = one.datacollector.get_model_vars_dataframe()
    assert table["shipped"].iloc[-1] == shipped(one)
    agents = one.datacollector.get_agent_vars_dataframe()
    assert len(agents) == 3 * len(one.agents)
    assert {"JP", "CN", "US", ""} <= set(agents["country"])


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_made_in_the_middle_goes_on_like_the_original(copied: Any) -> None:
    """Both halves are equal and neither moves the other."""
    one = model(firms={"ricoh": Firm})
    Bank(one)
    for _ in range(9):
        one.step()
    other = copied(one)
    for _ in range(9):
        one.step()
    assert str(other.month) == "2017-09-01"
    for _ in range(9):
        other.step()
    assert shipped(one) == shipped(other)
    pd.testing.assert_frame_equal(one.relocations, other.relocations, check_exact=True)
    assert other.plants[0].model is other
    [bank] = other.agents_by_type[Bank]
    assert len(bank.seen) == 18
    plant = next(plant for plant in other.plants if plant.capacity > 0.0)
    plant.capacity = 0.0
    assert one.plants[plant.row].capacity > 0.0


def test_seed_and_rng_are_two_words_for_one_thing() -> None:
    by_seed, by_rng = (RelocationModel(world=world(), **{word: 7}) for word in ("seed", "rng"))
    for one in (by_seed, by_rng):
        one.run_until("2017-06")
    assert shipped(by_seed) == shipped(by_rng)
    assert by_seed.random.random() == by_rng.random.random()
    with pytest.raises(ValueError, match="not both"):
        RelocationModel(seed=1, rng=1, world=world())
    drawn = RelocationModel(rng=np.random.default_rng(3), world=world())
    again = RelocationModel(rng=np.random.default_rng(3), world=world())
    assert drawn.simulation.streams.seed == again.simulation.streams.seed


def test_replications_draw_apart_and_no_global_state_is_touched() -> None:
    before, legacy = random.getstate(), np.random.get_state()[1].copy()  # noqa: NPY002 -- that it is left alone
    one, other = (RelocationModel(seed=7, replication=r, world=world()) for r in (0, 1))
    assert one.random.random() != other.random.random()
    assert random.getstate() == before
    assert (np.random.get_state()[1] == legacy).all()  # noqa: NPY002 -- likewise


@pytest.mark.parametrize("processes", [1, 2])
def test_mesa_runs_batches(processes: int) -> None:
    """Seeds and rngs by parameter; the last collected month is the last simulated one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Mesa leaves its pool to the collector
        rows = batch_run(
            Counting,
            {"last": "2017-02", "rng": [1, 2]},
            number_processes=processes,
            max_steps=99,
            display_progress=False,
        )
    table = pd.DataFrame(rows).sort_values("rng")
    assert table["Step"].tolist() == [1, 1]
    for seed, units in zip(table["rng"], table["shipped"], strict=True):
        by_hand = RelocationModel(seed=seed, last="2017-02")
        by_hand.run_until("2017-02")
        assert units == shipped(by_hand)
    assert table["shipped"].nunique() == 2


def test_mesa_runs_batches_of_the_model_as_it_is() -> None:
    """Without a collector of one's own every month has its figures, also in a table."""
    rows = batch_run(
        RelocationModel,
        {"last": "2017-03", "seed": [1, 2]},
        number_processes=1,
        data_collection_period=1,
        display_progress=False,
    )
    table = pd.DataFrame(rows)
    assert (
        table.groupby("seed")["month"].agg(list).tolist() == [["2017-01", "2017-02", "2017-03"]] * 2
    )
    by_hand = RelocationModel(seed=2, last="2017-03")
    by_hand.run_until("2017-03")
    own = by_hand.datacollector.get_model_vars_dataframe()
    told = table[table["seed"] == 2].reset_index(drop=True)[list(REPORTERS)]
    pd.testing.assert_frame_equal(told, own[list(REPORTERS)], check_exact=True)
    assert told["operating_profit_usd"].iloc[-1] == pytest.approx(
        sum(firm.profit for firm in by_hand.firms)
    )
    assert told["duty_usd"].iloc[-1] == pytest.approx(by_hand.simulation.closed_books.duty.sum())


def test_a_collector_of_ones_own_is_left_alone() -> None:
    one = Counting(seed=7, world=world(), last="2017-03")
    one.run_until("2017-03")
    assert list(one.datacollector.model_vars) == ["shipped"]
    assert len(one.datacollector.model_vars["shipped"]) == 3
