"""The order book under licence, and how buyers answer: kernels on made-up books."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.decisions.buyers import (
    BuyerTerms,
    completed,
    diversion,
    local_share,
    localisation,
    no_response,
    stock_response,
)
from sim.decisions.licensing import fill_orders, route_shares, wanted_orders
from sim.decisions.site_losses import site_losses
from sim.decisions.tool_orders import Backlog, Filled, OrderBook, Ruling
from sim.engine.chip_tools.order_book import used_book

CELLS, LANES, WAYS, MONTHS = 6, 3, 2, 18
APPROVE = np.array([1.0, 1.0, 1.0, 0.95, 0.7, 0.5, 0.05])
WAIT = np.array([0.0, 0.0, 0.0, 2.0, 3.0, 6.0, 9.0])


def book() -> OrderBook:
    """Three outlets of one line with two plants each; two cells each, the second of service."""
    cell = np.arange(CELLS)
    return OrderBook(
        outlet=cell // 2, line=np.zeros(CELLS, dtype=np.int64), customer=cell // 2,
        account=cell // 2, service=cell % 2, mix=np.ones(CELLS), start=np.array([0, 2, 4, 6]),
        routes=np.arange(6), direct=cell[:, None] * 2 + np.arange(WAYS)[None, :],
        by_home=CELLS * 2 + cell[:, None] * 2 + np.arange(WAYS)[None, :],
    )  # fmt: skip


def ruling(us: np.ndarray, own: np.ndarray, reroute: float = 0.5) -> Ruling:
    """A law of one band; ``us, own``: codes of direct and of by-home queries."""
    ones = np.ones(LANES)
    return Ruling(
        law=np.zeros(LANES, dtype=np.int64), band=np.zeros((1, LANES), dtype=np.int64),
        us=us.astype(np.int8)[None, :, None], own=own.astype(np.int8)[None],
        rule=np.ones((1, len(us), 1), dtype=np.int16), listed=np.zeros((1, 3), dtype=np.bool_),
        approve_us=APPROVE[:, None] * ones, approve_own=np.array([1, 1, 0.9])[:, None] * ones,
        wait_us=WAIT[:, None] * ones, wait_own=np.array([0, 0, 3.0])[:, None] * ones,
        reroute=reroute * ones, cancel=0.02 * ones,
    )  # fmt: skip


def empty() -> Filled:
    rows = [np.zeros((CELLS, LANES)) for _ in range(5)]
    return Filled(*rows, legal=np.zeros((3, LANES)), deviation=np.zeros((6, LANES)),
                  lost_by_rule=np.zeros((3, LANES)), by_home=np.zeros((1, LANES)))  # fmt: skip


def through(law: Ruling, seed: int, months: int = MONTHS) -> dict[str, np.ndarray]:
    """Run one fixed order book through a law; every result is [T, C, R]."""
    rng = np.random.default_rng(seed)
    backlog = Backlog(*(np.zeros((CELLS, LANES)) for _ in range(2)), np.ones((CELLS, LANES)))
    share = np.tile([0.7, 0.3], 3)[:, None] * np.ones(LANES)
    kept: dict[str, list[np.ndarray]] = {name: [] for name in (*Filled._fields, "wanted", "waits")}
    for _ in range(months):
        wanted, decided, granted = (rng.uniform(size=(CELLS, LANES)) for _ in range(3))
        filled = empty()
        fill_orders(
            book(),
            ruling=law,
            touched=np.ones(CELLS, dtype=np.bool_),
            share=share,
            spared=np.ones((3, LANES)),
            wanted=wanted,
            decided=decided,
            granted=granted,
            backlog=backlog,
            filled=filled,
        )
        for name, values in zip(Filled._fields, filled, strict=True):
            kept[name].append(values)
        kept["wanted"].append(wanted)
        kept["waits"].append(backlog.good + backlog.bad)
    return {name: np.array(values) for name, values in kept.items()}


codes = st.lists(st.integers(0, 6), min_size=4 * CELLS, max_size=4 * CELLS)
lists = st.lists(st.integers(0, 2), min_size=4 * CELLS, max_size=4 * CELLS)


@given(lax=codes, more=codes, own=lists, more_own=lists, seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_a_stricter_law_never_permits_what_a_laxer_one_denied(
    lax: list[int], more: list[int], own: list[int], more_own: list[int], seed: int
) -> None:
    """One order book, one set of draws: by every month no more has left under the stricter law."""
    us, strict = np.array(lax), np.maximum(lax, more)
    lists, stricter = np.array(own), np.maximum(own, more_own)
    one, other = (through(ruling(*law), seed) for law in ((us, lists), (strict, stricter)))
    left, allowed = (np.cumsum(run["shipped"], axis=0) for run in (other, one))
    assert np.all(left <= allowed + 1e-9)


@given(us=codes, own=lists, seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_every_order_ships_waits_or_is_lost(us: list[int], own: list[int], seed: int) -> None:
    """Orders placed = shipped + denied + cancelled + what still waits, and nothing is negative."""
    run = through(ruling(np.array(us), np.array(own)), seed)
    placed = np.cumsum(run["wanted"], axis=0)
    told = np.cumsum(run["shipped"] + run["denied"] + run["cancelled"], axis=0) + run["waits"]
    np.testing.assert_allclose(told, placed, rtol=1e-9)
    for name in ("shipped", "denied", "cancelled", "revoked", "applied", "waits"):
        assert run[name].min() >= 0.0, name


@given(us=codes, own=lists, seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_shipments_by_route_add_up_to_what_leaves(us: list[int], own: list[int], seed: int) -> None:
    """Deviations from sourcing shares cancel out over the routes of an outlet."""
    run = through(ruling(np.array(us), np.array(own)), seed)
    total = run["deviation"].reshape(MONTHS, 3, WAYS, LANES).sum(axis=2)
    np.testing.assert_allclose(total, 0.0, atol=1e-9)


def test_where_nothing_is_asked_everything_ships_as_ordered_to_the_last_bit() -> None:
    run = through(ruling(np.array([0, 1, 2, 0] * CELLS), np.array([0, 1, 0, 1] * CELLS)), 3)
    np.testing.assert_array_equal(run["shipped"], run["wanted"])
    assert not run["deviation"].any()


def test_a_blocked_plant_hands_its_orders_to_a_free_one_and_by_way_of_japan() -> None:
    """With rerouting whole, a presumption of denial at one plant loses nothing."""
    blocked = np.zeros(4 * CELLS, dtype=int)
    blocked[0 : 2 * CELLS : 2] = 6
    blocked[2 * CELLS :] = 6
    run = through(ruling(blocked, np.zeros(4 * CELLS, dtype=int), reroute=1.0), 1)
    np.testing.assert_allclose(run["shipped"], run["wanted"])
    share = np.tile([0.7, 0.3], 3)[:, None] * np.ones(LANES)
    out = np.empty_like(share)
    total = run["shipped"][0].reshape(3, 2, LANES).sum(axis=1)
    route_shares(book(), share, run["deviation"][0], total, out)
    np.testing.assert_allclose(out[0::2], 0.0, atol=1e-12)
    np.testing.assert_allclose(out[1::2], 1.0)


def with_share(law: Ruling, second: float, whole: OrderBook | None = None) -> dict[str, np.ndarray]:
    """A month in which the second plant of each outlet has a share of its orders."""
    backlog = Backlog(*(np.zeros((CELLS, LANES)) for _ in range(2)), np.ones((CELLS, LANES)))
    filled, draws = empty(), np.random.default_rng(2).uniform(size=(2, CELLS, LANES))
    fill_orders(
        whole or book(),
        ruling=law,
        touched=np.ones(CELLS, dtype=np.bool_),
        share=np.tile([1.0 - second, second], 3)[:, None] * np.ones(LANES),
        spared=np.ones((3, LANES)),
        wanted=np.ones((CELLS, LANES)),
        decided=draws[0],
        granted=draws[1],
        backlog=backlog,
        filled=filled,
    )
    return {**filled._asdict(), "good": backlog.good, "bad": backlog.bad}


def test_a_place_that_a_line_might_go_to_decides_nothing_before_it_has_orders() -> None:
    """A presumption of denial at an empty plant makes no order of the other one wait longer."""
    us = np.tile([3, 0], 2 * CELLS)
    strict = np.tile([3, 6], 2 * CELLS)
    none = np.zeros(4 * CELLS, dtype=int)
    lax, harsh = (with_share(ruling(codes, none, 0.0), 0.0) for codes in (us, strict))
    for name, values in lax.items():
        np.testing.assert_array_equal(values, harsh[name], err_msg=name)
    assert harsh["applied"].all()


def test_the_book_of_the_routes_in_use_gives_what_the_whole_book_gives() -> None:
    """The second plants carry nothing: left out or not, the month is the same."""
    law = ruling(np.tile([3, 6], 2 * CELLS), np.tile([2, 0], 2 * CELLS))
    small = used_book(book(), np.tile([True, False], 3))
    assert small.direct.shape == (CELLS, 1)
    whole, less = with_share(law, 0.0), with_share(law, 0.0, small)
    for name, values in whole.items():
        np.testing.assert_array_equal(values, less[name], err_msg=name)


@given(us=codes, own=lists, seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_expected_losses_are_those_of_every_order_one_by_one(
    us: list[int], own: list[int], seed: int
) -> None:
    """The kernel against the words of docs/chip_tools.md, cell by cell."""
    law, rng, all_of = ruling(np.array(us), np.array(own)), np.random.default_rng(seed), book()
    spending, service = rng.uniform(size=3), rng.uniform(size=LANES)
    margin, yearly = rng.uniform(size=(1, LANES)), rng.uniform(size=(1, LANES))
    applying, around = rng.uniform(size=LANES), rng.uniform(size=LANES)
    cost, blocked = np.zeros((6, LANES)), np.zeros((6, LANES))
    site_losses(
        all_of,
        ruling=law,
        bound=np.ones(4 * CELLS, dtype=np.bool_),
        spending=spending,
        service_share=service,
        margin=margin,
        yearly=yearly,
        applying=applying,
        around=around,
        cost=cost,
        blocked=blocked,
    )
    expected = np.zeros((2, 6, LANES))
    for c in range(CELLS):
        part = spending[all_of.customer[c]] * (service if c % 2 else 1.0 - service)
        for w in range(WAYS):
            route = 2 * (c // 2) + w
            answers = [
                (APPROVE[us[q]] * (1.0, 1.0, 0.9)[own[q]], max(WAIT[us[q]], (0, 0, 3.0)[own[q]]))
                for q in (int(all_of.direct[c, w]), int(all_of.by_home[c, w]))
            ]
            (odds, months), (_, home_months) = answers
            if months == 0.0:
                continue
            rho = 0.5 if home_months == 0.0 else 0.0
            loss = (1.0 - odds) * margin[0] + odds * yearly[0] * months / 12.0 + applying
            expected[0, route] += part * ((1.0 - rho) * loss + rho * around)
            expected[1, route] += part * (1.0 - rho)
    np.testing.assert_allclose(cost, expected[0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(blocked, expected[1], rtol=1e-9, atol=1e-12)


def test_a_tighter_rule_revokes_orders_in_hand() -> None:
    """Good applications turn bad in proportion to the fall of the odds."""
    backlog = Backlog(np.full((CELLS, LANES), 10.0), np.zeros((CELLS, LANES)),
                      np.full((CELLS, LANES), 0.9))  # fmt: skip
    filled, never = empty(), np.ones((CELLS, LANES))
    share = np.tile([0.7, 0.3], 3)[:, None] * np.ones(LANES)
    law = ruling(np.full(4 * CELLS, 6), np.zeros(4 * CELLS))
    fill_orders(
        book(),
        ruling=law,
        touched=np.ones(CELLS, dtype=np.bool_),
        share=share,
        spared=np.ones((3, LANES)),
        wanted=np.zeros((CELLS, LANES)),
        decided=never,
        granted=never,
        backlog=backlog,
        filled=filled,
    )
    np.testing.assert_allclose(filled.revoked, 10.0 * (1.0 - 0.05 / 0.9))
    np.testing.assert_allclose(backlog.good + backlog.bad, 10.0 * 0.98)


def test_parts_and_service_follow_the_installed_base_and_not_new_orders() -> None:
    usual, wanted = (np.zeros((CELLS, LANES)) for _ in range(2))
    ones, buyers = np.ones(LANES), np.ones((3, LANES))
    wanted_orders(
        book(),
        spending=np.ones(3),
        demand=5.0 * buyers,
        index=5.0 * buyers,
        base_demand=np.ones(3),
        service_share=0.2 * ones,
        service_on=ones,
        lift=buyers,
        counted=0 * buyers,
        here=0 * buyers,
        stocked=0 * buyers,
        gain=0 * buyers,
        contested=np.zeros(1),
        installed=2.0 * buyers,
        turned=0 * buyers,
        legal=buyers,
        gone=np.zeros((3, LANES), dtype=np.bool_),
        usual=usual,
        wanted=wanted,
    )
    np.testing.assert_allclose(wanted[0::2], 4.0)
    np.testing.assert_allclose(wanted[1::2], 0.4)
    np.testing.assert_allclose(usual[1::2], 1.0)


def terms(**changes: float) -> BuyerTerms:
    values: dict[str, Any] = {
        "jump": 6.0, "half_life": 12.0, "fear_share": 0.5, "kappa": 0.4, "speed": 0.125,
        "lag": 6, "substitution": 0.6, "substitution_months": 3.0, "slope": 0.6,
        "localisation_months": 36.0, "start_share": 0.08, "trend": 0.01,
        "least_purchase": 0.1, "most_local": 0.9, "obeys": 0.5, "incomplete": 0.5, **changes,
    }  # fmt: skip
    values["lag"] = np.full(LANES, int(values["lag"]))
    return BuyerTerms(**{k: v if k == "lag" else np.full(LANES, v) for k, v in values.items()})


def stocks(reached: list[float], **changes: float) -> np.ndarray:
    """Additions to purchases of one buyer over months, by the share that rules reach."""
    state, given = no_response(1, LANES, 12), terms(**changes)
    path = []
    for t, x in enumerate(reached):
        state, added = stock_response(state, given, t, np.full((1, LANES), x), np.ones((1, 1)))
        path.append(added[0, 0])
    return np.array(path)


def test_without_a_rule_nobody_stocks() -> None:
    assert not stocks([0.0] * 40).any()


@pytest.mark.parametrize("lag", [3, 6, 9])
def test_a_stock_arrives_after_its_lag_and_not_before(lag: int) -> None:
    added = stocks([0.0] * 5 + [0.1] * 40, lag=lag)
    assert not added[: 5 + lag].any()
    assert added[5 + lag] > 0.0


def test_the_stock_is_run_down_when_the_fear_has_gone() -> None:
    """What was bought early is not bought later; a rule that stays adds nothing more."""
    added = stocks([0.0] * 5 + [0.1] * 200)
    assert added[11:14].min() > 0.0
    assert added[60:].max() <= 0.0
    assert abs(added.sum()) < 0.05 * added[added > 0.0].sum()


@given(reach=st.lists(st.floats(0.0, 1.0), min_size=12, max_size=12))
@settings(max_examples=40, deadline=None)
def test_no_stock_exceeds_the_greatest_and_purchases_stay_positive(reach: list[float]) -> None:
    state, given_terms = no_response(1, LANES, 12), terms()
    for t in range(60):
        x = np.full((1, LANES), reach[t % len(reach)])
        state, added = stock_response(state, given_terms, t, x, np.ones((1, 1)))
        assert added.min() > -1.0
        assert state.position.max() <= 12.0 * 0.4 + 1e-9


def test_diversion_takes_time_and_ends_at_its_share() -> None:
    state, given_terms = no_response(1, LANES, 12), terms()
    path = []
    for _ in range(60):
        none = np.zeros((1, LANES))
        state, taken = diversion(state, given_terms, none + 0.5, none)
        path.append(taken[0, 0])
    assert path[0] < 0.5 * path[-1]
    assert path[-1] == pytest.approx(0.3, rel=1e-6)


def localised(denied: float, months: int) -> float:
    """Share that Chinese makers gained after so many months of one denied share."""
    state, given_terms = no_response(1, LANES, 12), terms()
    for _ in range(months):
        none = np.zeros((1, LANES))
        state = localisation(state, given_terms, none + denied, np.ones((1, 1)), none, 0.0)
    return float(state.localised[0, 0])


def test_localisation_rises_with_denial_up_to_its_slope() -> None:
    gains = [localised(denied, 240) for denied in (0.0, 0.1, 0.2, 1.0)]
    assert gains == sorted(gains)
    assert gains[0] == 0.0
    assert gains[-1] == pytest.approx(0.6, rel=1e-3)


def test_what_chinese_makers_learnt_from_denials_stays_when_denials_end() -> None:
    state, given_terms, none = no_response(1, LANES, 12), terms(), np.zeros((1, LANES))
    path = []
    for t in range(120):
        denied = none + (0.5 if t < 60 else 0.0)
        state = localisation(state, given_terms, denied, np.ones((1, 1)), none, 0.0)
        path.append(state.localised[0, 0])
    assert path[59] > 0.1
    assert np.diff(path).min() >= 0.0


def test_buyers_go_part_of_the_way_to_the_share_that_china_asks_for_and_back_without_it() -> None:
    """Half of what lies between 8 % and a floor of 50 %; a repealed floor leaves nothing."""
    state, given_terms, none = no_response(1, LANES, 12), terms(), np.zeros((1, LANES))
    for _ in range(600):
        state = localisation(state, given_terms, none, np.ones((1, 1)), none + 0.5, 0.0)
    base, gained = local_share(state, given_terms, 0.0)
    np.testing.assert_allclose(base, 0.08)
    np.testing.assert_allclose(gained, 0.5 * (0.5 - 0.08), rtol=1e-4)
    for _ in range(600):
        state = localisation(state, given_terms, none, np.ones((1, 1)), none, 0.0)
    np.testing.assert_allclose(state.asked, 0.0, atol=1e-4)


@given(denied=st.floats(0.0, 1.0), taken=st.floats(0.0, 1.0), months=st.integers(1, 90))
@settings(max_examples=40, deadline=None)
def test_lines_lack_no_more_than_what_is_denied(denied: float, taken: float, months: int) -> None:
    """The part that is not built lies between none and what is denied, and substitutes lower it."""
    state, given_terms, none = no_response(1, LANES, 12), terms(), np.zeros((1, LANES))
    for _ in range(months):
        state = localisation(state, given_terms, none + denied, np.ones((1, 1)), none, 0.0)
    share = np.full(LANES, 0.4)
    alone, served = (completed(state, given_terms, share, none + part) for part in (0.0, taken))
    assert np.all(served >= alone)
    assert np.all((alone <= 1.0) & (alone >= 1.0 - 0.5 * denied - 1e-12))


def test_the_more_chinese_makers_have_the_less_goes_over_to_japanese_ones() -> None:
    taken = []
    for local in (0.0, 0.45, 0.9):
        none = np.zeros((1, LANES))
        _, part = diversion(no_response(1, LANES, 12), terms(), none + 0.5, none + local)
        taken.append(part[0, 0])
    assert taken[0] > taken[1] > taken[2] == 0.0


def test_localisation_is_faster_the_more_is_denied() -> None:
    assert localised(0.2, 12) > 2.0 * localised(0.1, 12)


def test_a_refusal_is_booked_to_the_rule_of_the_route_that_is_refused() -> None:
    """Japan licenses nine orders in ten of one plant, the US hardly any of the other.

    Routes carry 0.7 and 0.3 of the orders; over the months each rule loses what its route does.
    """
    queries = 4 * CELLS
    us, own = np.zeros(queries, dtype=int), np.full(queries, 2)
    us[1::2], own[1::2] = 6, 0
    law = ruling(us, own, reroute=0.0)
    rule = np.ones((1, queries, 1), dtype=np.int16)
    rule[:, 1::2] = 2
    run = through(law._replace(rule=rule, cancel=np.zeros(LANES)), 5, months=400)
    placed = run["wanted"].sum()
    lost = run["lost_by_rule"].sum(axis=(0, 2)) / placed
    assert lost[1] == pytest.approx(0.7 * 0.1, abs=0.02)
    assert lost[2] == pytest.approx(0.3 * (1.0 - APPROVE[6]), abs=0.02)
    np.testing.assert_allclose(lost.sum(), (run["denied"] + run["cancelled"]).sum() / placed)
