"""Firms that decide for themselves: they see every option, and by default do what a block does."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.axes import COUNTRIES
from sim.engine.agents import Firm, Option, affordable, best_options
from sim.engine.block import Block, Lane, run_block
from sim.engine.model import RelocationModel
from sim.errors import InputError
from sim.law.law import load_law
from sim.law.rates.monthly import MonthlyDuty, monthly
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import Suspend
from sim.tables import DRIVERS
from sim.world.build import load_world
from sim.world.narrowing import narrowed
from sim.world.world import World

pytestmark = pytest.mark.filterwarnings("ignore::sim.errors.OutsideRangeWarning")
"""Extreme values make every kind of step happen within a few years."""

LINES = (
    "toyota_cars", "honda_cars", "suzuki_cars", "ricoh_printers", "kyocera_printers",
    "nintendo_consoles_cameras", "makita_machinery", "murata_components",
)  # fmt: skip
"""Lines with ventures, partners and contract makers among them; two of one class."""
LOOSE = {
    "decision_probability": 0.9, "transfer_sunk": 0.0, "entry_gap.scale": 0.1,
    "own_affiliate_odds": 0.0, "ambiguity_aversion": 0.0, "expand_sunk.scale": 0.2,
}  # fmt: skip
"""Boards that decide often, and moves that cost little: every kind of step is taken."""
PAUSE = Suspend(op="suspend", importer="US", exporters="CN", basis="section_301",
                start=date(2021, 1, 1), end=date(2040, 12, 31))  # fmt: skip
"""Work that left China comes back."""


class Same(Firm):
    """Leaves the fast path and decides as it would."""

    def decide(self, options: list[Option]) -> list[Option]:
        return super().decide(options)


class Never(Firm):
    """Orders nothing at all."""

    def decide(self, options: list[Option]) -> list[Option]:
        return []


class Keeping(Firm):
    """Keeps what it saw, by month, and decides as the kernels do."""

    def __init__(self, model: RelocationModel, row: int) -> None:
        super().__init__(model, row)
        self.seen: dict[str, list[Option]] = {}

    def decide(self, options: list[Option]) -> list[Option]:
        self.seen[f"{self.model.month:%Y-%m}"] = options
        return super().decide(options)


@cache
def setting(last: str) -> tuple[World, MonthlyDuty]:
    """The narrowed real world and a law whose duties on China pause, to a month."""
    year, month = (int(part) for part in last.split("-"))
    world = narrowed(load_world(last=date(year, month, 1)), LINES)
    return world, monthly(apply_reforms(load_law(), [PAUSE]), world.months)


def block(
    seed: int, last: str, *behaviours: dict[str, str], **overrides: float
) -> dict[str, pd.DataFrame]:
    """Tables of a block with one lane for each mapping of firms to classes."""
    world, duty = setting(last)
    lanes = tuple(
        Lane("enacted", "base", replication, 0, overrides, detail=True, behaviours=one)
        for replication, one in enumerate(behaviours)
    )
    return run_block(world, [duty], Block("x", seed, lanes), firms={"Same": Same, "Never": Never})


def equal(ours: dict[str, pd.DataFrame], theirs: dict[str, pd.DataFrame]) -> None:
    """Every table is equal to the last bit."""
    for name, table in ours.items():
        pd.testing.assert_frame_equal(table, theirs[name], check_exact=True)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_in_which_every_firm_decides_for_itself_gives_the_tables_of_the_block(
    seed: int,
) -> None:
    every = {firm.id: "Same" for firm in setting("2024-12")[0].firms}
    fast = block(seed, "2024-12", *[{}] * 3, **LOOSE)
    equal(block(seed, "2024-12", *[every] * 3, **LOOSE), fast)
    kinds = set(fast["relocations"]["kind"])
    assert {"transfer", "ems", "return", "expand", "close", "mothball", "partner"} <= kinds


def test_only_the_firms_and_lanes_that_say_so_leave_the_fast_path() -> None:
    """Lanes do not touch each other, and a lane is the same wherever it stands."""
    plain = block(1, "2019-12", {}, {})
    one = block(1, "2019-12", {}, {"makita": "Never"})
    for name in ("relocations", "flows", "plants"):
        first = [
            table[name][table[name]["replication"] == 0].reset_index(drop=True)
            for table in (plain, one)
        ]
        pd.testing.assert_frame_equal(*first, check_exact=True)
    still = one["relocations"].query("replication == 1")
    assert "makita" not in set(still["firm"])
    assert "makita" in set(plain["relocations"].query("replication == 1")["firm"])


@pytest.fixture(scope="module")
def kept() -> dict[str, list[Option]]:
    """What Toyota and Ricoh looked at, by month, merged."""
    world, _ = setting("2024-12")
    model = RelocationModel(seed=1, world=world, parameters=LOOSE,
                            firms={"toyota": Keeping, "ricoh": Keeping})  # fmt: skip
    model.run_until("2024-12")
    firms = [firm for firm in model.firms if isinstance(firm, Keeping)]
    return {month: [one for firm in firms for one in firm.seen[month]] for month in firms[0].seen}


def test_a_firm_is_asked_in_the_month_that_is_being_simulated(
    kept: dict[str, list[Option]],
) -> None:
    assert list(kept)[:3] == ["2017-04", "2017-07", "2017-10"]


def test_every_option_is_seen_those_that_nobody_would_take_too(
    kept: dict[str, list[Option]],
) -> None:
    """Each slice to each candidate place, by both ways; expansions, idle steps and partners."""
    every = [one for options in kept.values() for one in options]
    assert {one.step for one in every} == {"programme", "expansion", "idle_step", "partners"}
    assert {"transfer", "open", "expand", "close", "exit", "mothball", "restart", "partner"} <= {
        one.kind for one in every
    }
    world, _ = setting("2024-12")
    n = next(k for k, line in enumerate(world.lines) if line.id == "ricoh_printers")
    places = {COUNTRIES[i] for i in np.flatnonzero(world.candidate[n])}
    first = [one for one in kept["2017-04"] if one.line == "ricoh_printers"]
    for market in {one.market for one in first if one.step == "programme"}:
        for origin in {one.from_country for one in first if one.market == market}:
            seen = {one.to_country for one in first
                    if (one.from_country, one.market) == (origin, market)}  # fmt: skip
            assert seen == places - {origin}
    assert not any(one.worth_it for one in first if one.step == "programme")
    assert min(one.value_usd for one in first) < 0.0


def test_an_option_tells_its_value_by_drivers_and_what_was_drawn(
    kept: dict[str, list[Option]],
) -> None:
    every = [one for options in kept.values() for one in options]
    assert {one.drawn for one in every} == {True, False}
    for one in every:
        assert set(one.drivers) == set(DRIVERS)
        scale = sum(abs(value) for value in one.drivers.values())
        assert sum(one.drivers.values()) == pytest.approx(one.value_usd, abs=1e-9 * scale + 1e-6)
        assert one.worth_it or not one.kernel_takes
    for options in kept.values():
        assert [one for one in options if one.kernel_takes] == best_options(options)


def test_a_firm_may_order_what_no_kernel_would() -> None:
    """A programme that is not worth it is ordered, paid for and arrives."""

    class Patriot(Firm):
        def decide(self, options: list[Option]) -> list[Option]:
            home = [one for one in options if one.step == "programme" and one.to_country == "JP"]
            return affordable(home[:1], self.budget)

    world, _ = setting("2019-12")
    model = RelocationModel(seed=1, world=world, firms={"ricoh": Patriot})
    model.run_until("2019-12")
    moves = model.relocations.query("firm == 'ricoh'")
    assert set(moves["to_country"]) == {"JP"}
    assert moves["option_value_usd"].max() < 0.0
    assert model.simulation.state.moved[:, COUNTRIES.index("JP")].sum() > 0.0


def twice(options: list[Option]) -> object:
    return [options[0], options[0]]


def two_of_a_line(options: list[Option]) -> object:
    return [one for one in options if one.step == "programme"][:2]


def changed(options: list[Option]) -> object:
    return [dataclasses.replace(options[0], units=1e9)]


def too_much(options: list[Option]) -> object:
    return [max(options, key=lambda one: one.outlay_usd)]


def nothing(options: list[Option]) -> object:
    return None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (twice, "returned twice: "),
        (two_of_a_line, "a line orders one programme or return a review"),
        (changed, "returned what it was not given: "),
        (too_much, "USD; the budget is 0 USD"),
        (nothing, "returned None; return a list of options"),
    ],
)
def test_an_answer_that_cannot_be_done_is_told_with_its_reason(
    answer: Callable[[list[Option]], object], words: str
) -> None:
    class Wrong(Firm):
        def decide(self, options: list[Option]) -> list[Option]:
            return answer(options)  # type: ignore[return-value] # that is the mistake

    world, _ = setting("2017-06")
    poor = {"capital_budget_share": 0.0} if answer is too_much else {}
    model = RelocationModel(seed=1, world=world, parameters=poor, firms={"ricoh": Wrong})
    with pytest.raises(InputError) as caught:
        model.run_until("2017-06")
    fault = caught.value.faults[0]
    assert words in str(fault)
    assert "ricoh, 2017-04: " in fault.wrong
    assert (fault.file, fault.line) == (__file__, inspect.getsourcelines(Wrong.decide)[1])


def test_an_exception_in_a_users_decide_is_told_at_its_line() -> None:
    class Broken(Firm):
        def decide(self, options: list[Option]) -> list[Option]:
            return [options[10**9]]

    model = RelocationModel(seed=1, world=setting("2017-06")[0], firms={"ricoh": Broken})
    with pytest.raises(InputError) as caught:
        model.run_until("2017-06")
    [fault] = caught.value.faults
    assert fault.key == "Broken.decide"
    assert fault.wrong == "IndexError: list index out of range"
    assert (fault.file, fault.line) == (__file__, inspect.getsourcelines(Broken.decide)[1] + 1)
    assert isinstance(caught.value.__cause__, IndexError)


def test_a_firm_that_is_not_there_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="no such firm; did you mean `ricoh`"):
        RelocationModel(seed=1, world=setting("2017-06")[0], firms={"rico": Never})
    with pytest.raises(InputError, match="is no kind of Firm"):
        RelocationModel(seed=1, world=setting("2017-06")[0], firms={"ricoh": int})  # type: ignore[dict-item] # that is the mistake


def test_what_goes_out_is_chosen_before_what_comes_back_and_greater_value_before_less(
    kept: dict[str, list[Option]],
) -> None:
    one = next(option for option in kept["2017-04"] if option.kind == "transfer")
    poor, rich = (dataclasses.replace(one, worth_it=True, value_usd=usd) for usd in (1.0, 2.0))
    back = dataclasses.replace(rich, kind="return", value_usd=3.0)
    worse = dataclasses.replace(rich, value_usd=9.0, worth_it=False)
    assert best_options([back, poor, rich, worse]) == [rich]
    assert best_options([poor, rich, back]) == [rich]
    assert best_options([back]) == [back]
