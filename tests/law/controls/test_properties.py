"""What holds for every shipment: severity, US content, stricter laws, days before a rule."""

from __future__ import annotations

import pickle
import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.law.controls import (
    ControlLaw,
    ControlReform,
    Query,
    Switches,
    decide,
    decide_grid,
    decide_table,
    enact_reforms,
    enacted,
    load_reform,
    shipped_reforms,
)
from sim.law.controls.codes import CODES, rank, severity, strictest

LAW = enacted()
SWITCHES = Switches.default()
COUNTRIES = ["JP", "CN", "VN", "TH", "US", "KR", "TW", "MY", "NL", "EU", "SG", "HK", "IR"]
CUSTOMERS = sorted(LAW.customers)

CHOSEN = ["unlisted", "hua_hong", "smic", "xmc", "samsung_xian", "huawei"]
STARTS = [date(2024, 12, 3), date(2025, 10, 1), date(2027, 1, 1)]

days = st.dates(date(2017, 1, 1), date(2028, 12, 31))
owners = st.one_of(st.none(), st.sampled_from(CUSTOMERS))


@st.composite
def queries(draw: st.DrawFn) -> Query:
    owner = draw(owners)
    return Query(
        tool_class=draw(st.sampled_from(sorted(LAW.classes))),
        us_content=draw(st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.25, 0.3, 1.0])),
        made=draw(st.sampled_from(COUNTRIES)),
        shipped_from=draw(st.sampled_from(COUNTRIES)),
        to=draw(st.sampled_from(["CN", "CN", "CN", "TW", "JP", "VN", "US", "HK", "IR"])),
        customer=draw(st.sampled_from(CUSTOMERS)),
        owner=owner,
        owner_share=None if owner is None else draw(st.sampled_from([0.3, 0.5, 1.0])),
        node=draw(st.sampled_from([None, "advanced_logic", "advanced_dram", "nand", "mature"])),
        wafer_mm=draw(st.sampled_from([None, 200, 300])),
        contains_ic=draw(st.booleans()),
        exporter_hq=draw(st.sampled_from([None, "JP", "CN"])),
    )


@given(queries(), days, st.floats(0, 1), st.floats(0, 1))
def test_more_us_content_never_makes_the_answer_milder(
    query: Query, on: date, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    low = decide(replace(query, us_content=less), on)
    high = decide(replace(query, us_content=more), on)
    assert rank(low.us) <= rank(high.us)
    assert (low.japan, low.china) == (high.japan, high.china)


@given(queries(), days)
def test_the_most_restrictive_limb_wins_unless_an_authorisation_stands(
    query: Query, on: date
) -> None:
    decision = decide(query, on)
    for authority, answer in (("US", decision.us), ("JP", decision.japan), ("CN", decision.china)):
        codes = tuple(
            m.code for m in decision.limbs if m.authority == authority and m.applied and m.code
        )
        granted = {"AUTH_VEU", "LIC_APPROVE"} & set(codes)
        if codes and not granted:
            assert answer == strictest(codes)
        if granted:
            assert answer in granted
    assert severity(decision.worst) == max(
        map(severity, (decision.us, decision.japan, decision.china))
    )


@given(queries(), days, st.integers(0, 1000))
def test_the_order_of_the_rules_does_not_matter(query: Query, on: date, seed: int) -> None:
    shuffled = list(LAW.rules)
    random.Random(seed).shuffle(shuffled)
    other = decide(query, on, law=replace(LAW, rules=tuple(shuffled)))
    assert decide(query, on).as_dict() | {"reason": ""} == other.as_dict() | {"reason": ""}


@cache
def stricter_laws(customer: str, start: date) -> dict[str, ControlLaw]:
    """The enacted law with one prohibition more, each by the name of what was added."""
    common = {"title": "stricter", "source": "declared", "start": start}
    enlist = {"act": "enlist", "parties": [customer], "list": "entity_list", "policy": "pod"}
    footnote = {"act": "enlist", "parties": [customer], "list": "footnote_5"}
    leave = {"act": "regroup", "group": "SUPP4", "leave": ["JP", "NL"]}
    zero = {"act": "alter", "rules": ["us_de_minimis_25"], "where": {"threshold_share": 0.1}}
    changes = {"enlist": enlist, "footnote": footnote, "leave": leave, "zero": zero}
    made = [
        ControlReform.model_validate({"name": name, **common, "changes": [change]})
        for name, change in changes.items()
    ]
    shipped = [load_reform(name).during(start) for name in ("match_act", "chip_tool_embargo")]
    return {reform.name: enact_reforms(LAW, [reform]) for reform in (*made, *shipped)}


@given(queries(), days, st.sampled_from(CHOSEN), st.sampled_from(STARTS))
def test_a_stricter_law_never_permits_what_the_laxer_one_denied(
    query: Query, on: date, customer: str, start: date
) -> None:
    before = decide(query, on)
    for name, law in stricter_laws(customer, start).items():
        after = decide(query, on, law=law)
        assert rank(after.us) >= rank(before.us), (name, before, after)
        assert severity(after.worst) >= severity(before.worst)


@pytest.mark.parametrize("name", shipped_reforms())
@settings(max_examples=30)
@given(query=queries(), day=days)
def test_a_reform_changes_nothing_before_it_starts(name: str, query: Query, day: date) -> None:
    reform = load_reform(name)
    law = enact_reforms(LAW, [reform])
    on = min(day, reform.start - timedelta(days=1))
    assert decide(query, on, law=law).as_dict() == decide(query, on).as_dict()


@pytest.mark.parametrize("name", shipped_reforms())
def test_a_reform_with_an_end_changes_nothing_after_it(name: str) -> None:
    reform = load_reform(name)
    last = max(reform.start + timedelta(days=400), date(2026, 12, 31))
    law = enact_reforms(LAW, [reform.during(end=last)])
    on = last + timedelta(days=1)
    for customer in ("smic", "hua_hong", "cxmt"):
        for tool in ("3B001", "3B991"):
            query = Query(tool, 0.05, "JP", "JP", "CN", customer)
            assert decide(query, on, law=law).as_dict() == decide(query, on).as_dict()


def test_answers_change_only_on_days_of_change() -> None:
    days = [date(2018, 1, 1) + timedelta(days=7 * week) for week in range(570)]
    changes = LAW.change_days(SWITCHES)
    query = Query("3B991", 0.05, "MY", "MY", "CN", "smic")
    answers = [decide(query, day).us for day in days]
    for first, second, one, two in zip(days, days[1:], answers, answers[1:], strict=False):
        if one != two:
            assert any(first < change <= second for change in changes)


def test_the_table_and_the_grid_say_what_single_decisions_say() -> None:
    asked = [Query("3B001", 0.05, made, made, "CN", "smic") for made in ("JP", "MY", "US")]
    months = [date(2022 + m // 12, m % 12 + 1, 1) for m in range(48)]
    grid = decide_grid(asked, months)
    table = decide_table([(query, month) for query in asked for month in months])
    single = [decide(query, month) for query in asked for month in months]
    assert [d.as_dict() for d in table] == [d.as_dict() for d in single]
    assert [CODES["US"][k] for k in grid.us.ravel()] == [d.us for d in single]
    assert [CODES["JP"][k] for k in grid.japan.ravel()] == [d.japan for d in single]
    assert [d.on for d in table] == [month for _ in asked for month in months]


def test_a_table_sees_the_days_of_chinese_law_for_tools_with_rare_earths() -> None:
    query = Query("3B991", 0.05, "JP", "JP", "TW", "tsmc", rare_earth_share=0.01)
    months = [date(2026, month, 1) for month in range(9, 13)]
    answers = [decision.china for decision in decide_table([(query, on) for on in months])]
    assert answers == ["CN_NONE", "CN_NONE", "CN_NONE", "CN_LIC"]


def test_the_law_survives_pickling_and_its_digest_tells_laws_apart() -> None:
    reformed = enact_reforms(LAW, [load_reform("match_act")])
    assert pickle.loads(pickle.dumps(reformed)).digest == reformed.digest
    assert reformed.digest != LAW.digest


def test_every_code_has_a_severity_that_agrees_with_its_rank() -> None:
    for codes in CODES.values():
        severities = [severity(code) for code in codes]
        assert severities == sorted(severities)
