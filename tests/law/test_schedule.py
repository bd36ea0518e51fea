"""Rates, cubes and months agree with each other, on every flow and day."""

from __future__ import annotations

import pickle
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.axes import (
    BASIS_INDEX,
    COUNTRIES,
    COUNTRY_INDEX,
    LAW_COUNTRIES,
    PRODUCT_INDEX,
    PRODUCTS,
    month_range,
)
from sim.errors import LawError
from sim.law.instrument import STAGES
from sim.law.law import Law, load_law
from sim.law.rates.announcements import threats
from sim.law.rates.monthly import MonthlyDuty, monthly
from sim.law.rates.schedule import duty, rate
from sim.law.rates.tabular import rates
from sim.law.telling.timeline import timeline

FIRST, LAST = date(2017, 1, 1), date(2030, 12, 31)
days = st.dates(FIRST, LAST)
exporters, importers = st.sampled_from(LAW_COUNTRIES), st.sampled_from(COUNTRIES)
products = st.sampled_from(PRODUCTS)
claims = st.sampled_from([None, "best", "USMCA", "RCEP", "KORUS"])
MONTHS = month_range(FIRST, date(2030, 12, 1))


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law()


@pytest.fixture(scope="module")
def months(law: Law) -> MonthlyDuty:
    return monthly(law, MONTHS)


@settings(max_examples=60)
@given(exporters, importers, products, days, claims, st.floats(0, 1))
def test_parts_add_up_and_one_flow_equals_the_table(
    exporter: str, importer: str, product: str, on: date, claim: str | None, content: float
) -> None:
    found = rate(load_law(), exporter, importer, product, on, claim, content)
    row = {"exporter": exporter, "importer": importer, "product": product, "on": on.isoformat(),
           "claim": claim or "", "us_content": content}  # fmt: skip
    assert rates(load_law(), pd.DataFrame([row]))[0] == pytest.approx(found.total, abs=1e-9)
    assert sum(part.rate for part in found.components) == pytest.approx(found.total, abs=1e-9)
    assert all(part.source.startswith("http") for part in found.components)


@settings(max_examples=40)
@given(exporters, importers, products, days)
def test_a_claim_never_costs_more_than_none(
    exporter: str, importer: str, product: str, on: date
) -> None:
    totals = {
        claim: rate(load_law(), exporter, importer, product, on, claim).total
        for claim in (None, "best", "USMCA", "RCEP", "CPTPP", "ATIGA")
    }
    assert totals["best"] == min(totals.values())


def test_a_preference_above_the_base_rate_is_not_paid() -> None:
    flow = ("CN", "MY", "cars_bev")
    assert rate(load_law(), *flow, date(2023, 6, 1), "ACFTA").total == 0.0
    assert rate(load_law(), *flow, date(2026, 6, 1), "ACFTA").total == 0.05


def test_a_displaced_measure_displaces_nothing(law: Law) -> None:
    """Lists of Section 301 drop the fentanyl duty, which would have dropped the reciprocal one."""
    rule = law.stacking.displacements[0]
    chain = (
        replace(rule, by="section_301_china", drops=("ieepa_fentanyl",)),
        replace(rule, by="ieepa_fentanyl", drops=("ieepa_reciprocal",)),
    )
    chained = replace(law, stacking=replace(law.stacking, displacements=chain))
    on = date(2025, 6, 15)
    assert rate(chained, "CN", "US", "consumer_electronics", on).total == pytest.approx(0.175)
    assert rate(chained, "HK", "US", "consumer_electronics", on).total == pytest.approx(0.2)


@settings(max_examples=40)
@given(importers, products, days, st.floats(0, 1), st.floats(0, 1))
def test_more_us_content_never_costs_more(
    importer: str, product: str, on: date, first: float, second: float
) -> None:
    low, high = sorted((first, second))
    pay = [
        rate(load_law(), "MX" if importer != "MX" else "CA", importer, product, on, "best", s).total
        for s in (low, high)
    ]
    assert pay[0] >= pay[1] - 1e-12


@settings(max_examples=10)
@given(days)
def test_the_cube_of_a_day_holds_every_rate_of_it(on: date) -> None:
    cube = duty(load_law(), on)
    rng = np.random.default_rng(on.toordinal())
    for _ in range(20):
        j, i, k = rng.integers(15), rng.integers(15), rng.integers(len(PRODUCTS))
        flow = (COUNTRIES[i], COUNTRIES[j], PRODUCTS[k])
        assert cube.unclaimed[j, i, k] == pytest.approx(rate(load_law(), *flow, on).total)
        assert cube.claimed[j, i, k] == pytest.approx(rate(load_law(), *flow, on, "best").total)
        content = rate(load_law(), *flow, on, "best", 0.3).total
        relieved = cube.claimed[j, i, k] - 0.3 * cube.content_weight[j, i, k]
        assert relieved == pytest.approx(content)


@settings(max_examples=25)
@given(importers, products, exporters, claims)
def test_a_timeline_equals_the_rates_of_its_days(
    importer: str, product: str, exporter: str, claim: str | None
) -> None:
    for spell in timeline(load_law(), importer, product, [exporter], claim):
        ends = [spell.start, (spell.end or LAST)]
        for on in ends:
            found = rate(load_law(), exporter, importer, product, on, claim)
            assert found.total == spell.rate
            assert [p.instrument for p in found.components] == [
                p.instrument for p in spell.components
            ]


def test_a_month_is_the_mean_of_its_days(law: Law, months: MonthlyDuty) -> None:
    us = COUNTRY_INDEX["US"]
    unclaimed = months.mfn + months.extra.sum(-1)
    claimed = months.preference + months.extra_claimed.sum(-1)
    for month in (date(2018, 7, 1), date(2025, 4, 1), date(2025, 8, 1), date(2026, 2, 1)):
        t = MONTHS.index(month)
        cubes = [
            duty(law, month + timedelta(d)) for d in range(monthrange(month.year, month.month)[1])
        ]
        for whole, name in ((unclaimed, "unclaimed"), (claimed, "claimed")):
            mean = np.mean([getattr(cube, name)[us] for cube in cubes], axis=0)
            assert whole[t, us] == pytest.approx(mean, abs=1e-12)


def test_japanese_cars_in_september_2025_pay_fifteen_days_of_each_rate(
    months: MonthlyDuty,
) -> None:
    flow = (MONTHS.index(date(2025, 9, 1)), COUNTRY_INDEX["US"], COUNTRY_INDEX["JP"], 0)
    total = months.mfn[flow] + months.extra[flow].sum()
    assert total == pytest.approx(0.275 * 15 / 30 + 0.15 * 15 / 30)
    assert months.instruments_in_force(*flow) == ("us_232_autos", "us_232_autos_jp")


def test_what_is_still_to_come_is_a_measure_of_the_month_with_its_stage(
    months: MonthlyDuty,
) -> None:
    """What charges a flow is told apart from what is announced for it."""
    us, cn, k = COUNTRY_INDEX["US"], COUNTRY_INDEX["CN"], PRODUCT_INDEX["phones_laptops"]
    announced = {one.id: one for one in months.measures(MONTHS.index(date(2019, 6, 1)), us, cn, k)}
    coming = announced["us_301_cn_list_4b_proposal"]
    assert (STAGES[coming.stage], coming.rate) == ("proposed", 0.25)
    cars = {
        one.id: one.stage
        for one in months.measures(
            MONTHS.index(date(2025, 11, 1)), us, COUNTRY_INDEX["JP"], PRODUCT_INDEX["cars"]
        )
    }
    assert cars == {"us_232_autos_jp": -1}


def test_the_agreement_that_is_best_to_claim_is_known(months: MonthlyDuty) -> None:
    flow = (MONTHS.index(date(2021, 1, 1)), COUNTRY_INDEX["US"], COUNTRY_INDEX["MX"])
    assert months.claimable(*flow, PRODUCT_INDEX["cars"]) == "USMCA"
    assert not months.claimable(
        flow[0], COUNTRY_INDEX["US"], COUNTRY_INDEX["CN"], PRODUCT_INDEX["cars"]
    )


def test_domestic_lanes_pay_nothing(months: MonthlyDuty) -> None:
    for name in ("mfn", "preference", "extra", "extra_claimed", "content_weight", "announced"):
        array = getattr(months, name)
        for place in range(len(COUNTRIES)):
            assert not array[:, place, place].any(), name


def test_no_part_of_a_month_is_negative_and_claims_never_raise_it(months: MonthlyDuty) -> None:
    for name in ("mfn", "preference", "extra", "extra_claimed", "content_weight", "announced"):
        assert getattr(months, name).min() >= 0.0
    unclaimed = months.mfn + months.extra.sum(-1)
    claimed = months.preference + months.extra_claimed.sum(-1)
    assert (claimed <= unclaimed + 1e-12).all()


def test_a_basis_ages_from_its_first_month(months: MonthlyDuty) -> None:
    flow = (COUNTRY_INDEX["US"], COUNTRY_INDEX["CN"], PRODUCT_INDEX["machinery"])
    age = months.age_months[:, *flow, BASIS_INDEX["section_301"]]
    began = MONTHS.index(date(2018, 7, 1))
    assert age[: began + 1].tolist() == [0] * (began + 1)
    assert age[began + 1 : began + 4].tolist() == [1, 2, 3]


def test_age_does_not_depend_on_the_first_month_asked_for(law: Law, months: MonthlyDuty) -> None:
    later = monthly(law, month_range(date(2024, 5, 1), date(2026, 3, 1)))
    t = MONTHS.index(date(2024, 5, 1))
    for name in ("age_months", "announced", "announced_months", "announced_count", "extra"):
        whole = getattr(months, name)[t : t + len(later.months)]
        assert np.array_equal(getattr(later, name), whole), name


def test_the_forced_labour_duty_is_announced_from_july_2026(months: MonthlyDuty) -> None:
    flow = (COUNTRY_INDEX["US"], COUNTRY_INDEX["VN"], PRODUCT_INDEX["consumer_electronics"])
    basis = BASIS_INDEX["forced_labour_301"]
    june, july, august = (MONTHS.index(date(2026, m, 1)) for m in (6, 7, 8))
    assert months.announced[june, *flow, basis] == 0.0
    assert months.announced[july, *flow, basis] == pytest.approx(0.125)
    assert months.announced_months[july, *flow, basis] == 0
    assert months.announced[august, *flow, basis] == 0.0
    assert months.extra[august, *flow, basis] == pytest.approx(0.125)


def test_list_4b_is_feared_as_proposed_then_as_ordered_and_counts_as_not_carried_out(
    months: MonthlyDuty,
) -> None:
    flow = (COUNTRY_INDEX["US"], COUNTRY_INDEX["CN"], PRODUCT_INDEX["phones_laptops"])
    basis = BASIS_INDEX["section_301"]
    seen = np.flatnonzero(months.announced[:, *flow, basis])
    assert [MONTHS[t] for t in seen] == [date(2019, m, 1) for m in (6, 8, 9, 10, 11, 12)]
    rates = months.announced[seen, *flow, basis].tolist()
    assert rates == pytest.approx([0.25, 0.10, 0.15, 0.15, 0.15, 0.15])
    stages = [STAGES[k] for k in months.announced_stage[seen, *flow, basis]]
    assert stages == ["proposed", "said", *["ordered"] * 4]
    assert months.announced_months[MONTHS.index(date(2019, 9, 1)), *flow, basis] == 3
    before, after = MONTHS.index(date(2019, 12, 1)), MONTHS.index(date(2020, 1, 1))
    counts = months.announced_count, months.carried_count
    came, carried = (count[:, STAGES.index("ordered"), basis] for count in counts)
    assert came[after] == came[before] + 1
    assert carried[after] - carried[before] < 0.2  # what came late goes on counting


def test_a_threat_to_a_deal_is_announced_on_top_of_it(months: MonthlyDuty) -> None:
    flow = (COUNTRY_INDEX["US"], COUNTRY_INDEX["KR"], 0, BASIS_INDEX["section_232"])
    assert months.announced[MONTHS.index(date(2026, 2, 1)), *flow] == pytest.approx(0.10)
    assert months.announced[MONTHS.index(date(2026, 1, 1)), *flow] == 0.0


def test_a_rise_that_was_put_off_and_came_later_counts_in_part(law: Law) -> None:
    # 25 % on list 3 was named for 2019-01-01 (10 % were charged) and charged from 2019-05-10
    late = next(t for t in threats(law, "US") if t.start == date(2019, 1, 1))
    assert late.carried_by(date(2019, 1, 1)) == pytest.approx(0.4)
    assert late.carried_by(date(2019, 12, 1)) == pytest.approx((5 * 0.4 + 7) / 12)
    assert late.carried_by(date(2025, 1, 1)) == late.carried_by(date(2019, 12, 1))


def test_a_threat_counts_in_full_in_part_or_never(law: Law) -> None:
    known = {(t.start, STAGES[t.stage]): t.carried_by(date(2021, 1, 1)) for t in threats(law, "US")}
    assert known[date(2018, 7, 6), "ordered"] == 1.0  # list 1
    assert known[date(2019, 9, 1), "ordered"] == pytest.approx(0.75)  # list 4A, halved in February
    assert known[date(2019, 6, 10), "said"] == 0.0  # Mexico, over migration
    assert known[date(2019, 11, 13), "proposed"] == 0.0  # cars


def test_no_more_is_carried_out_than_was_announced(months: MonthlyDuty) -> None:
    assert (np.diff(months.announced_count, axis=0) >= 0).all()
    assert (months.carried_count >= 0.0).all()
    assert (months.carried_count <= months.announced_count + 1e-12).all()


@pytest.mark.parametrize("until", [date(2019, 8, 31), date(2025, 3, 31), date(2026, 5, 31)])
def test_a_month_knows_nothing_that_was_not_yet_public(until: date, law: Law) -> None:
    public = tuple(
        instrument.with_values(
            tuple(
                value
                for value in instrument.values
                if min(value.announced or value.start, value.start) <= until
            )
        )
        for instrument in law.instruments
    )
    acts = tuple(t for t in law.stacking.terminations if (t.announced or t.last) <= until)
    known = replace(law, instruments=public, stacking=replace(law.stacking, terminations=acts))
    span = month_range(FIRST, until.replace(day=1))
    ours, theirs = monthly(law, span), monthly(known, span)
    for name in ("extra", "extra_claimed", "announced", "announced_months", "announced_stage",
                 "announced_count", "carried_count", "age_months"):  # fmt: skip
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name


def test_a_law_survives_pickling_and_keeps_its_digest(law: Law) -> None:
    copy = pickle.loads(pickle.dumps(law))
    assert copy == law
    assert copy.digest == law.digest
    assert hash(copy) == hash(law)


def test_a_claim_that_no_agreement_supports_pays_the_unclaimed_rate(law: Law) -> None:
    on = date(2025, 6, 15)
    assert rate(law, "JP", "US", "cars", on, "USMCA").total == 0.275


@pytest.mark.parametrize(
    ("flow", "on", "claim", "content", "says"),
    [
        (("JP", "US", "carz"), date(2025, 1, 1), None, 0.0, "`cars`"),
        (("JP", "GB", "cars"), date(2025, 1, 1), None, 0.0, "`GB` is unknown"),
        (("JP", "US", "cars"), date(2016, 1, 1), None, 0.0, "too early"),
        (("JP", "US", "cars"), date(2025, 1, 1), "USMAC", 0.0, "`USMCA`"),
        (("JP", "US", "cars"), date(2025, 1, 1), None, 1.5, "outside 0..1"),
    ],
)
def test_a_wrong_question_is_answered_with_its_cure(
    law: Law, flow: tuple[str, str, str], on: date, claim: str | None, content: float, says: str
) -> None:
    with pytest.raises(LawError, match=says):
        rate(law, *flow, on, claim, content)


def test_wrong_cells_of_a_table_are_named_together(law: Law) -> None:
    table = pd.DataFrame(
        {"exporter": ["JP", "XX"], "importer": ["US", "US"], "product": ["cars", "carz"],
         "on": ["2025-02-30", "2025-01-01"], "us_content": ["", "2"]}
    )  # fmt: skip
    with pytest.raises(LawError) as raised:
        rates(law, table)
    assert {fault.key for fault in raised.value.faults} == {
        "exporter", "product", "on", "us_content",
    }  # fmt: skip
