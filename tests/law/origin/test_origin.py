"""Whether goods earn a preference, by the thresholds of each agreement and the line's own parts."""

from __future__ import annotations

import csv
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.axes import PRODUCTS
from sim.errors import LawError
from sim.law.agreement import Agreement, OriginRule
from sim.law.files import LAW_FOLDER
from sim.law.instrument import FOREVER, Provenance
from sim.law.law import load_law
from sim.law.origin.content import Sourcing, content, counted
from sim.law.origin.declared import declared
from sim.law.origin.earning import earned, earned_by, earned_lines, in_force, shifts

SEEN = Provenance("declared", "high", "read")
START = date(2020, 7, 1)


def pact(
    content: float | None, method: str = "build_down", shift: str = "", combine: str = "either",
    labour: float | None = None, members: tuple[str, ...] = ("MX", "US", "CA"),
) -> Agreement:  # fmt: skip
    rule = OriginRule(
        ("cars",), date.min, FOREVER, content, method, shift, combine, labour, SEEN
    )  # fmt: skip
    return Agreement(
        "PACT", "", tuple((m, START) for m in members), date(2030, 12, 31), members, (rule,), SEEN
    )


def test_content_by_build_down_is_the_price_without_foreign_parts() -> None:
    # 1 - 0.7 * (1 - 0.4) = 0.58
    assert content("build_down", 0.2, 0.7, 0.4, 0.4) == pytest.approx(0.58)


def test_content_by_net_cost_sets_foreign_parts_against_a_smaller_base() -> None:
    # 1 - 0.7 * 0.6 / 0.9 = 0.5333
    assert content("net_cost", 0.2, 0.7, 0.4, 0.4) == pytest.approx(1 - 0.42 / 0.9)


def test_content_by_build_up_counts_own_work_and_near_parts() -> None:
    # 0.2 + 0.7 * 0.4 = 0.48
    assert content("build_up", 0.2, 0.7, 0.4, 0.1) == pytest.approx(0.48)


def test_value_added_counts_only_the_country_itself() -> None:
    # 0.2 + 0.7 * 0.1 = 0.27
    assert content("value_added", 0.2, 0.7, 0.4, 0.1) == pytest.approx(0.27)


def test_an_unknown_method_is_a_mistake_with_the_nearest_word() -> None:
    with pytest.raises(LawError, match="did you mean `build_down`"):
        content("build_dow", 0.2, 0.7, 0.4, 0.1)


def test_a_threshold_is_met_when_equalled() -> None:
    assert earned(pact(0.75), "cars", 0.75, date(2025, 1, 1))
    assert not earned(pact(0.75), "cars", 0.7499, date(2025, 1, 1))


def test_nothing_is_earned_before_the_agreement_or_after_its_end() -> None:
    assert not earned(pact(0.4), "cars", 1.0, date(2020, 6, 30))
    assert earned(pact(0.4), "cars", 1.0, date(2020, 7, 1))
    assert not earned(pact(0.4), "cars", 1.0, date(2031, 1, 1))


def test_nothing_is_earned_for_a_product_without_a_rule() -> None:
    assert not earned(pact(0.4), "machinery", 1.0, date(2025, 1, 1))


@pytest.mark.parametrize(
    ("combine", "rvc", "shift", "answer"),
    [
        ("either", 0.5, False, True),
        ("either", 0.3, True, True),
        ("either", 0.3, False, False),
        ("both", 0.5, False, False),
        ("both", 0.3, True, False),
        ("both", 0.5, True, True),
    ],
)
def test_content_and_tariff_shift_combine_as_the_rule_says(
    combine: str, rvc: float, shift: bool, answer: bool
) -> None:
    agreement = pact(0.4, shift="CTH", combine=combine)
    assert earned(agreement, "cars", rvc, date(2025, 1, 1), tariff_shift=shift) is answer


def test_a_rule_of_tariff_shift_alone_ignores_content() -> None:
    assert earned(pact(None, shift="CTH"), "cars", 0.0, date(2025, 1, 1))
    assert not earned(pact(None, shift="CC"), "cars", 1.0, date(2025, 1, 1))


def test_every_product_has_a_declared_change_of_heading() -> None:
    assert set(declared().shift) == set(PRODUCTS)
    with pytest.raises(LawError, match="did you mean `printers`"):
        shifts("printer", "CTH")


def test_every_declared_figure_has_a_range_or_a_source() -> None:
    with (LAW_FOLDER / "origin.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row["source_url"]
        assert row["evidence"] in {"read", "cited", "derived", "recalled", "estimated"}
        if row["kind"] == "parameter":
            assert float(row["low"]) <= float(row["value"]) <= float(row["high"])


def test_mexican_parts_do_not_earn_the_wage_test_of_usmca_cars() -> None:
    usmca = load_law().agreement("USMCA")
    mexican = Sourcing(0.3, 0.65, {"MX": 0.9, "US": 0.1})
    northern = Sourcing(0.3, 0.65, {"MX": 0.45, "US": 0.55})
    on = date(2025, 6, 1)
    # labour: 0.65 * 0.1 + 0.10 = 0.165 < 0.40; 0.65 * 0.55 + 0.10 = 0.4575 >= 0.40
    assert not earned_by(usmca, "cars", "MX", "US", mexican, on)
    assert earned_by(usmca, "cars", "MX", "US", northern, on)


def test_the_usmca_threshold_rises_by_stages() -> None:
    usmca = load_law().agreement("USMCA")
    thresholds = [
        next(v for v in np.arange(0.5, 0.9, 0.01) if earned(usmca, "cars", round(v, 2), day))
        for day in (date(2020, 7, 1), date(2021, 7, 1), date(2022, 7, 1), date(2023, 7, 1))
    ]
    assert np.allclose(thresholds, [0.66, 0.69, 0.72, 0.75])


def test_nafta_asked_for_less_and_ended_with_june_2020() -> None:
    nafta = load_law().agreement("NAFTA")
    assert earned(nafta, "cars", 0.63, date(2019, 1, 1))
    assert not earned(nafta, "cars", 0.63, date(2020, 7, 1))


def test_thai_pickups_with_asean_parts_enter_vietnam_free_and_with_chinese_parts_do_not() -> None:
    atiga, on = load_law().agreement("ATIGA"), date(2024, 3, 1)
    asean = Sourcing(0.2, 0.75, {"TH": 0.3, "ID": 0.2, "JP": 0.5})
    chinese = Sourcing(0.2, 0.75, {"TH": 0.1, "CN": 0.9})
    # 1 - 0.75 * 0.5 = 0.625; 1 - 0.75 * 0.9 = 0.325
    assert earned_by(atiga, "light_trucks", "TH", "VN", asean, on)
    assert not earned_by(atiga, "light_trucks", "TH", "VN", chinese, on)


def test_electric_cars_from_china_earn_acfta_and_from_japan_with_chinese_cells_no_jtepa() -> None:
    law, on = load_law(), date(2023, 6, 1)
    chinese = Sourcing(0.2, 0.75, {"CN": 1.0})
    assert earned_by(law.agreement("ACFTA"), "cars_bev", "CN", "TH", chinese, on)
    japanese = Sourcing(0.15, 0.8, {"CN": 0.8, "JP": 0.2})
    # 1 - 0.8 * 0.8 = 0.36 < 0.40
    assert not earned_by(law.agreement("JTEPA"), "cars_bev", "JP", "TH", japanese, on)


def test_rcep_counts_a_member_only_once_it_has_joined() -> None:
    rcep = load_law().agreement("RCEP")
    assert "ID" not in counted(rcep, date(2022, 6, 1))
    assert "ID" in counted(rcep, date(2023, 1, 2))
    assert not in_force(rcep, "JP", "KR", date(2022, 1, 31))
    assert in_force(rcep, "JP", "KR", date(2022, 2, 1))


def test_a_third_country_earns_nothing() -> None:
    sourcing = Sourcing(0.3, 0.6, {"MX": 1.0})
    assert not earned_by(pact(0.1), "cars", "JP", "US", sourcing, date(2025, 1, 1))
    assert not earned_by(pact(0.1), "cars", "US", "US", sourcing, date(2025, 1, 1))


def test_a_minimal_operation_gives_no_origin_even_with_a_change_of_heading() -> None:
    agreement = pact(0.9, shift="CTH")
    least = declared().minimal_operations_share
    trivial = Sourcing(least - 0.01, 0.9, {"CN": 1.0})
    real = Sourcing(least, 0.9, {"CN": 1.0})
    assert not earned_by(agreement, "cars", "MX", "US", trivial, date(2025, 1, 1))
    assert earned_by(agreement, "cars", "MX", "US", real, date(2025, 1, 1))


def test_wrong_shares_are_all_told_at_once() -> None:
    with pytest.raises(LawError) as caught:
        Sourcing(0.6, 1.2, {"JP": 0.5})
    assert len(caught.value.faults) == 3


SUPPLIERS = ("CN", "JP", "MX")
shares = st.lists(st.integers(0, 20), min_size=3, max_size=3).filter(lambda x: sum(x) > 0)


methods = st.sampled_from(["build_down", "net_cost", "build_up", "value_added", "focused"])


@given(st.floats(0, 0.5), st.floats(0, 0.5), shares, methods)
def test_arrays_say_what_single_lines_say(
    added: float, parts: float, counts: list[int], method: str
) -> None:
    split = np.array(counts) / sum(counts)
    agreement, on = pact(0.55, method, labour=0.3), date(2025, 1, 1)
    one = earned_by(
        agreement, "cars", "MX", "US",
        Sourcing(added, parts, dict(zip(SUPPLIERS, split.tolist(), strict=True))), on,
    )  # fmt: skip
    many = earned_lines(
        agreement, "cars", "MX", "US",
        np.full((2, 3), added), parts, np.broadcast_to(split, (2, 3, 3)), SUPPLIERS, on,
    )  # fmt: skip
    assert many.shape == (2, 3)
    assert (many == one).all()


@given(st.floats(0.1, 0.4), st.floats(0, 0.6), st.floats(0, 1), st.floats(0, 1))
def test_more_parts_from_members_never_lose_the_preference(
    added: float, parts: float, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    agreement, on = pact(0.6, "net_cost"), date(2025, 1, 1)

    def holds(near: float) -> bool:
        sourcing = Sourcing(added, parts, {"US": near, "CN": 1.0 - near})
        return earned_by(agreement, "cars", "MX", "US", sourcing, on)

    assert holds(less) <= holds(more)


def test_every_agreement_in_the_data_can_be_judged_for_every_product_it_names() -> None:
    for agreement in load_law().agreements:
        day = max(since for _, since in agreement.members)
        place, importer = agreement.members[0][0], agreement.members[1][0]
        own = Sourcing(0.4, 0.6, {place: 1.0})
        for product in PRODUCTS:
            rule = agreement.rule(product, day)
            if rule is not None and not rule.tariff_shift and rule.labour_value_content is None:
                assert earned_by(agreement, product, place, importer, own, day)
