"""Reforms: what each operation does, that it stays local, and what it refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.axes import COUNTRIES, COUNTRY_INDEX, LEGAL_BASES, PRODUCT_INDEX, PRODUCTS, month_range
from sim.errors import InputError, LawError
from sim.law.instrument import STAGES
from sim.law.law import Law, load_law
from sim.law.rates.monthly import monthly
from sim.law.rates.schedule import duty, rate
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import load_reforms, named_reforms, parse_reforms

ON = date(2025, 6, 15)


def _with(*raw: dict[str, Any]) -> Law:
    return apply_reforms(load_law(), parse_reforms(raw))


def _pays(law: Law, flow: str, on: date, claim: str | None = None) -> float:
    return rate(law, *flow.split(), on, claim).total


def test_set_by_instrument_changes_its_rate_in_the_window_only() -> None:
    law = _with({"op": "set", "instrument": "us_232_autos", "rate": 0.5,
                 "start": "2025-06-01", "end": "2025-06-30"})  # fmt: skip
    assert _pays(law, "JP US cars", date(2025, 5, 31)) == pytest.approx(0.275)
    assert _pays(law, "JP US cars", date(2025, 6, 1)) == pytest.approx(0.525)
    assert _pays(law, "JP US cars", date(2025, 6, 30)) == pytest.approx(0.525)
    assert _pays(law, "JP US cars", date(2025, 7, 1)) == pytest.approx(0.275)


def test_set_puts_a_threat_in_force() -> None:
    law = _with({"op": "set", "instrument": "us_301_cn_list_4b", "rate": 0.15,
                 "start": "2019-12-15"})  # fmt: skip
    assert _pays(law, "CN US phones_laptops", date(2020, 6, 1)) == pytest.approx(0.15)


def test_set_by_flow_stands_in_for_every_duty_on_it() -> None:
    law = _with({"op": "set", "importer": "US", "exporters": "CN", "rate": 0.6,
                 "start": "2025-02-01"})  # fmt: skip
    for product in PRODUCTS:
        base = rate(law, "CN", "US", product, ON).components[0].rate
        assert _pays(law, f"CN US {product}", ON) == pytest.approx(base + 0.6)
    assert _pays(law, "JP US cars", ON) == pytest.approx(0.275)
    assert _pays(law, "CN US machinery", date(2025, 1, 31)) == pytest.approx(0.275)


def test_add_adds_to_everything_and_spares_an_agreement() -> None:
    law = _with({"op": "add", "id": "ten", "importer": "US", "rate": 0.1, "start": "2020-01-01",
                 "end": "2020-12-31", "spares": "USMCA"})  # fmt: skip
    on = date(2020, 12, 31)
    assert _pays(law, "CN US machinery", on) == pytest.approx(0.375)
    assert _pays(law, "MX US machinery", on, "best") == 0.0
    assert _pays(law, "MX US machinery", on) == pytest.approx(0.125)
    assert _pays(law, "CN US machinery", date(2021, 1, 1)) == pytest.approx(0.275)


def test_add_within_a_group_takes_the_maximum() -> None:
    law = _with({"op": "add", "id": "more", "importer": "US", "exporters": "CN", "rate": 0.3,
                 "start": "2020-01-01", "stacking": "section_301_china"})  # fmt: skip
    assert _pays(law, "CN US machinery", date(2020, 6, 1)) == pytest.approx(0.325)


def test_delay_moves_the_start() -> None:
    law = _with({"op": "delay", "instrument": "us_232_autos", "months": 6})
    assert _pays(law, "JP US cars", date(2025, 6, 1)) == pytest.approx(0.125), "reciprocal instead"
    assert _pays(law, "TH US cars", date(2025, 10, 3)) == pytest.approx(0.275)


def test_delaying_the_ruling_keeps_ieepa_duties_alive() -> None:
    law = _with({"op": "delay", "instrument": "us_ieepa_end", "until": "2027-01-01"})
    flow = "CN US phones_laptops"
    assert _pays(load_law(), flow, date(2026, 6, 1)) == 0.0
    assert _pays(law, flow, date(2026, 6, 1)) == pytest.approx(0.1)
    assert _pays(law, flow, date(2027, 1, 1)) == 0.0


def test_suspend_comes_back() -> None:
    law = _with({"op": "suspend", "group": "section_301_china", "start": "2020-01-01",
                 "end": "2020-12-31"})  # fmt: skip
    pays = [_pays(law, "CN US machinery", date(year, 6, 1)) for year in (2019, 2020, 2021)]
    assert pays == pytest.approx([0.275, 0.025, 0.275])


def test_repeal_by_basis_and_by_flow() -> None:
    law = _with({"op": "repeal", "basis": "ieepa", "start": "2025-01-01"})
    assert _pays(law, "CN US phones_laptops", ON) == 0.0
    law = _with({"op": "repeal", "importer": "US", "exporters": "JP", "products": "cars"})
    assert _pays(law, "JP US cars", ON) == pytest.approx(0.025)
    assert _pays(law, "JP US cars_large", ON) == pytest.approx(0.275)


def test_a_repeal_leaves_what_was_public_before_it_on_record() -> None:
    months = month_range(date(2024, 1, 1), date(2024, 12, 1))
    before = monthly(load_law(), months)
    after = monthly(_with({"op": "freeze", "start": "2025-01-01"}), months)
    for name in ("extra", "announced", "announced_months", "announced_count", "carried_count"):
        assert np.array_equal(getattr(before, name), getattr(after, name)), name


def test_a_threat_that_is_repealed_was_a_threat_until_then() -> None:
    law = _with({"op": "repeal", "instrument": "us_301_cn_list_4b", "start": "2019-11-01"})
    months = monthly(law, month_range(date(2019, 8, 1), date(2019, 12, 1)))
    flow = (COUNTRY_INDEX["US"], COUNTRY_INDEX["CN"], PRODUCT_INDEX["phones_laptops"])
    announced = months.announced[:, *flow, LEGAL_BASES.index("section_301")]
    assert (announced > 0).tolist() == [True, True, True, False, False]


def test_a_threat_of_a_reform_is_announced_and_never_charged() -> None:
    law = _with({"op": "add", "id": "thr", "importer": "US", "exporters": ["VN"], "rate": 0.2,
                 "start": "2027-01-01", "announced": "2026-03-01", "withdrawn": "2026-12-15",
                 "stage": "said", "basis": "ieepa"})  # fmt: skip
    months = month_range(date(2026, 1, 1), date(2028, 1, 1))
    duty = monthly(law, months)
    flow = (COUNTRY_INDEX["US"], COUNTRY_INDEX["VN"], PRODUCT_INDEX["printers"])
    basis, said = LEGAL_BASES.index("ieepa"), STAGES.index("said")
    feared = np.flatnonzero(duty.announced[:, *flow, basis])
    assert [months[t] for t in feared] == list(month_range(date(2026, 3, 1), date(2026, 12, 1)))
    assert (duty.announced_stage[feared, *flow, basis] == said).all()
    plain = monthly(load_law(), months)
    assert np.array_equal(duty.extra, plain.extra)
    more = (duty.announced_count - plain.announced_count)[-1, said, basis]
    assert (more, (duty.carried_count - plain.carried_count)[-1].any()) == (1.0, False)


@pytest.mark.parametrize("withdrawn", ["2026-02-01", "2027-02-01"])
def test_a_threat_is_taken_back_after_it_is_told_and_before_its_day(withdrawn: str) -> None:
    with pytest.raises(InputError, match="withdrawn"):
        _with({"op": "add", "id": "thr", "importer": "US", "rate": 0.2, "start": "2027-01-01",
               "announced": "2026-03-01", "withdrawn": withdrawn})  # fmt: skip


def test_cap_lowers_and_never_raises() -> None:
    law = _with({"op": "cap", "importer": "US", "rate": 0.1})
    assert _pays(law, "JP US cars", ON) == pytest.approx(0.125)
    assert _pays(law, "TH US machinery", ON) == pytest.approx(0.125)


def test_extend_to_a_country_from_a_day() -> None:
    law = _with({"op": "extend", "instrument": "eu_cn_electric_vehicles", "to": ["TH", "KR"],
                 "start": "2026-01-01"})  # fmt: skip
    assert _pays(law, "TH EU cars_bev", date(2025, 12, 31)) == pytest.approx(0.1)
    assert _pays(law, "TH EU cars_bev", date(2026, 1, 1)) == pytest.approx(0.307)


def test_extend_an_agreement_in_yearly_steps() -> None:
    law = apply_reforms(load_law(), named_reforms("cptpp_with_china"))
    flow = "JP CN cars"
    pays = [_pays(law, flow, date(year, 6, 1), "CPTPP") for year in (2026, 2027, 2031, 2036)]
    assert pays == pytest.approx([0.15, 0.135, 0.075, 0.0])
    assert _pays(law, "CN JP general_goods", date(2036, 6, 1), "CPTPP") == 0.0


def test_repeal_of_an_agreement_ends_its_preferences() -> None:
    law = _with({"op": "repeal", "agreement": "USMCA", "start": "2026-07-01"})
    assert _pays(law, "MX US machinery", date(2026, 6, 30), "best") == 0.0
    assert _pays(law, "MX US machinery", date(2026, 8, 1), "best") == pytest.approx(0.125)


def test_freeze_keeps_what_was_in_force() -> None:
    law = apply_reforms(load_law(), named_reforms("no_tariffs_since_2025"))
    on = date(2026, 10, 1)
    assert _pays(law, "CN US semiconductors", on) == pytest.approx(0.25), "list 2 of 2018"
    assert _pays(law, "CN US metals", on) == pytest.approx(0.505), "list 3 and steel of 2018"
    assert _pays(law, "CN CA cars_bev", on) == pytest.approx(1.061), "not lifted in 2026"
    assert _pays(law, "CN EU cars_bev", date(2029, 10, 30)) == pytest.approx(0.1), "its own sunset"
    assert _pays(law, "JP US cars", on) == pytest.approx(0.025)


def test_no_tariffs_since_2018_leaves_base_rates_everywhere() -> None:
    law = apply_reforms(load_law(), named_reforms("no_tariffs_since_2018"))
    months = monthly(law, month_range(date(2018, 1, 1), date(2027, 12, 1)))
    assert not months.extra.any()
    assert not months.extra_claimed.any()
    assert not months.announced.any()


def test_us_autos_at_25_for_good() -> None:
    law = apply_reforms(load_law(), named_reforms("us_autos_25_for_good"))
    for exporter in ("JP", "EU", "KR"):
        assert _pays(law, f"{exporter} US cars", date(2027, 6, 1)) == pytest.approx(0.275)
        assert _pays(law, f"{exporter} US auto_parts", date(2027, 6, 1)) == pytest.approx(0.275)


def test_60_percent_both_ways() -> None:
    law = apply_reforms(load_law(), named_reforms("china_60_both_ways"))
    assert _pays(law, "CN US machinery", date(2027, 6, 1)) == pytest.approx(0.625)
    assert _pays(law, "US CN cars", date(2027, 6, 1)) == pytest.approx(0.75)


def test_reforms_compose_in_order() -> None:
    cap = {"op": "cap", "instrument": "us_232_autos", "rate": 0.1}
    raise_ = {"op": "set", "instrument": "us_232_autos", "rate": 0.5, "start": "2025-04-03"}
    assert _pays(_with(raise_, cap), "JP US cars", ON) == pytest.approx(0.125)
    assert _pays(_with(cap, raise_), "JP US cars", ON) == pytest.approx(0.525)


def test_the_law_that_was_edited_stays_as_it_was() -> None:
    digest = load_law().digest
    _with({"op": "repeal", "basis": "section_232"})
    assert load_law().digest == digest


@settings(max_examples=8)
@given(
    st.sampled_from(["US", "CN"]), st.sampled_from(COUNTRIES), st.sampled_from(PRODUCTS),
    st.dates(date(2018, 6, 1), date(2026, 12, 1)), st.floats(0.01, 1.0),
)  # fmt: skip
def test_a_reform_is_local(
    importer: str, exporter: str, product: str, start: date, share: float
) -> None:
    if exporter == importer:
        return
    law = _with({"op": "add", "id": "local", "importer": importer, "exporters": exporter,
                 "products": product, "rate": share, "start": start.isoformat()})  # fmt: skip
    on = date(2027, 1, 1)
    before, after = duty(load_law(), on), duty(law, on)
    changed = np.argwhere(np.abs(after.unclaimed - before.unclaimed) > 1e-12)
    flow = [COUNTRY_INDEX[importer], COUNTRY_INDEX[exporter], PRODUCT_INDEX[product]]
    assert changed.tolist() == [flow]
    earlier = date.fromordinal(start.toordinal() - 1)
    assert np.array_equal(duty(law, earlier).unclaimed, duty(load_law(), earlier).unclaimed)


_REMOVABLE = sorted(i.id for i in load_law().instruments if i.products and i.enacted)


@pytest.mark.parametrize("identity", _REMOVABLE)
def test_removing_an_instrument_never_raises_a_rate_unless_others_depended_on_it(
    identity: str,
) -> None:
    """A ceiling holds a rate down; a displacing measure keeps others away."""
    whole = load_law()
    instrument = whole.instrument(identity)
    displaces = {rule.by for rule in whole.stacking.displacements}
    if instrument.group in displaces or instrument.enacted[0].kind != "additional":
        return
    without = apply_reforms(whole, parse_reforms([{"op": "repeal", "instrument": identity}]))
    for span in instrument.spans():
        on = max(span.first, date(2017, 1, 1))
        before, after = duty(whole, on), duty(without, on)
        assert (after.unclaimed <= before.unclaimed + 1e-12).all(), (identity, on)


def test_removing_a_displacing_measure_lets_the_displaced_one_in() -> None:
    law = _with({"op": "repeal", "instrument": "us_232_auto_parts"})
    assert _pays(law, "JP US auto_parts", date(2025, 4, 15)) == pytest.approx(0.125)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"op": "cap", "instrument": "us_232_auto", "rate": 0.1}, "`us_232_autos`"),
        ({"op": "cpa", "rate": 0.1}, "`cap`"),
        ({"op": "cap", "basis": "section_233", "rate": 0.1}, "`section_232`"),
        ({"op": "cap", "importer": "US", "rate": 10}, "less than or equal to 4"),
        ({"op": "cap", "importer": "US", "rate": 0.1, "untill": "2020-01-01"}, "unknown key"),
        ({"op": "repeal", "exporters": "XX"}, "`XX` is unknown"),
        ({"op": "repeal"}, "say what it touches"),
        ({"op": "repeal", "importer": "TW"}, "touches nothing"),
        ({"op": "repeal", "instrument": "us_122", "start": "2027-01-01"}, "touches nothing"),
        ({"op": "suspend", "basis": "ieepa", "start": "2026-02-01", "end": "2026-01-01"}, "before"),
        ({"op": "delay", "basis": "ieepa"}, "either `months` or `until`"),
        ({"op": "extend", "instrument": "us_232_autos", "to": "JP"}, "touches nothing"),
        ({"op": "extend", "agreement": "CPTTP", "to": "CN", "start": "2027-01-01"}, "`CPTPP`"),
        ({"op": "add", "id": "us_122", "importer": "US", "rate": 0.1, "start": "2027-01-01"},
         "exists"),
        ({"op": "add", "id": "x", "importer": "US", "rate": 0.1, "start": "2027-01-01",
          "stacking": "section_123"}, "`section_122`"),
    ],
)  # fmt: skip
def test_a_wrong_reform_is_refused_with_its_cure(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(LawError) as raised:
        _with(raw)
    assert says in str(raised.value)
    assert raised.value.exit_code == 2


def test_all_wrong_reforms_are_told_at_once() -> None:
    with pytest.raises(LawError) as raised:
        parse_reforms([{"op": "cpa"}, {"op": "cap", "importer": "UX", "rate": -1}])
    assert [fault.key for fault in raised.value.faults] == [
        "reforms[0].op", "reforms[1].importer", "reforms[1].rate",
    ]  # fmt: skip


def test_a_fault_in_a_reform_file_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "soft.yaml"
    path.write_text("title: Soft\nreforms:\n  - op: cap\n    basis: ieepa\n    rate: ten\n")
    with pytest.raises(LawError) as raised:
        load_reforms(path)
    assert [(f.line, f.key) for f in raised.value.faults] == [(5, "reforms[0].rate")]


def test_a_missing_reform_file_names_the_nearest_shipped_one() -> None:
    with pytest.raises(LawError, match="universal_10"):
        load_reforms("universal_1")


def test_bases_of_a_set_flow_are_the_one_that_was_asked_for() -> None:
    law = apply_reforms(load_law(), named_reforms("china_60"))
    months = monthly(law, month_range(date(2025, 3, 1), date(2025, 3, 1)))
    flow = months.extra[0, COUNTRY_INDEX["US"], COUNTRY_INDEX["CN"], PRODUCT_INDEX["machinery"]]
    assert flow[LEGAL_BASES.index("section_301")] == pytest.approx(0.6)
    assert flow.sum() == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("start", "months", "later"),
    [
        ("2019-01-31", 1, "2019-02-28"),
        ("2020-01-31", 1, "2020-02-29"),
        ("2019-01-31", 2, "2019-03-31"),
        ("2019-08-29", 1, "2019-09-29"),
        ("2019-08-30", 12, "2020-08-30"),
        ("2019-10-31", 14, "2020-12-31"),
        ("2019-11-30", 1, "2019-12-30"),
    ],
)
def test_a_delay_by_months_keeps_the_day_of_the_month(start: str, months: int, later: str) -> None:
    """A month that is too short ends with its last day; two months are counted from the start."""
    add = {"op": "add", "id": "new", "importer": "US", "exporters": "JP", "rate": 0.1,
           "start": start}  # fmt: skip
    law = _with(add, {"op": "delay", "instrument": "new", "months": months})
    assert [value.start.isoformat() for value in law.instrument("new").values] == [later]
