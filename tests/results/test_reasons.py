"""A firm's moves are told in words."""

from __future__ import annotations

import pytest

from sim.errors import QueryError
from sim.results.reasons import find_firm, reasons
from sim.results.run_folder.query import RunFolder
from sim.tables import RELOCATION_KINDS


def test_a_move_is_told_with_its_places_months_and_drivers_by_weight(run: RunFolder) -> None:
    [move] = reasons(run, "Brother", "tariff")
    told = move.sentence()
    assert told.startswith(
        "Brother transfers printers for the United States from China to Vietnam in 4 of 4 runs"
    )
    assert "(baseline: 0)" in told
    assert "duty +6 m USD, entry -2 m USD, wage +500 k USD" in told
    assert move.row()["drivers"]["duty"] == 6.0e6


def test_a_closure_that_happens_anyway_is_told_so(run: RunFolder) -> None:
    [close] = reasons(run, "honda", "tariff")
    assert "Honda closes cars capacity in China in 4 of 4 runs (baseline: 4)" in close.sentence()


def test_a_firm_that_stays_has_no_reasons(run: RunFolder) -> None:
    assert reasons(run, "canon", "tariff") == []


def test_firms_are_found_by_id_or_name_in_any_case(run: RunFolder) -> None:
    assert find_firm(run, "HONDA") == ("honda", "Honda")
    with pytest.raises(QueryError, match="did you mean `honda`"):
        find_firm(run, "Hnda")


def test_every_kind_of_relocation_has_its_words() -> None:
    from sim.results.reasons import _VERBS

    assert set(_VERBS) == set(RELOCATION_KINDS)


def test_a_partner_is_named_and_its_range_dated() -> None:
    from sim.results.reasons import Reason
    from sim.tables import DRIVERS

    told = Reason(
        firm="Nissan", product="cars", from_country="", to_country="CN", market="", kind="partner",
        partner="Huawei", reason="demand", decisions=3, runs=3, all_runs=4, runs_against=1,
        announced="2023-07-01", earliest="2023-07-01", latest="2024-01-01", operating="2025-07-01",
        units=60e3, sunk_cost_usd=0.6e9, value_usd=0.1e9, hurdle=1.6,
        drivers=dict.fromkeys(DRIVERS, 0.0) | {"demand": 0.3e9, "entry": -0.2e9},
    ).sentence()  # fmt: skip
    assert told.startswith("Nissan takes Huawei as technology partner for cars in China in 3 of 4")
    assert "full range 2025-07" in told
