"""Health of every law file that ships: sources, dates, scopes, units, stacking, coverage."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from sim.axes import COUNTRIES, LEGAL_BASES, PRODUCTS
from sim.law.controls import enacted
from sim.law.files import LAW_FOLDER
from sim.law.instrument import KINDS, Instrument
from sim.law.law import Law, load_law, read_law
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import named_reforms, seed_reforms


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law()


def test_the_law_that_ships_has_no_fault() -> None:
    assert read_law([LAW_FOLDER])[1] == []


def _instruments() -> list[Instrument]:
    return list(load_law().instruments)


@pytest.mark.parametrize("instrument", _instruments(), ids=lambda i: i.id)
def test_an_instrument_is_whole(instrument: Instrument, law: Law) -> None:
    groups = {group.id: group.importer for group in law.stacking.groups}
    assert groups[instrument.group] == instrument.importer, "stacking is declared"
    assert instrument.basis in LEGAL_BASES
    assert instrument.legal_basis
    assert instrument.products or instrument.partly, "it reaches something"
    assert not set(instrument.products) & set(instrument.partly)
    assert len(set(instrument.exporters)) == len(instrument.exporters)
    for value in instrument.values:
        assert value.kind in KINDS
        assert value.provenance.source.startswith("http")
        assert value.rate is None or -1 <= value.rate <= 2, "a share, not a percentage"
        assert value.announced is None or value.announced <= value.start
        assert value.withdrawn is None or value.announced is not None
    for first, second in pairwise(instrument.spans()):
        assert first.last < second.first, "no two values on one day"
    for claim in instrument.relief:
        law.agreement(claim.agreement)


def test_every_threat_that_is_withdrawn_was_announced_before(law: Law) -> None:
    for instrument in law.instruments:
        for value in instrument.values:
            if value.withdrawn is not None:
                assert value.announced is not None
                assert value.status == "threatened"
                assert value.announced < value.withdrawn, (instrument.id, value.start)
            assert not value.postponed or value.withdrawn is not None


def test_every_importer_has_a_base_rate_for_every_product_on_every_day(law: Law) -> None:
    for on in (date(2017, 1, 1), date(2020, 6, 30), date(2026, 12, 31), date(2040, 1, 1)):
        held = {(row.importer, row.product) for row in law.mfn if row.covers(on)}
        assert held == {(importer, product) for importer in COUNTRIES for product in PRODUCTS}


def test_an_estimate_has_a_range(law: Law) -> None:
    for row in law.mfn:
        assert row.low <= row.rate <= row.high
        if row.provenance.evidence == "estimated":
            assert row.low < row.high, (row.importer, row.product)


def test_no_agreement_gives_two_rates_on_one_flow_from_one_day(law: Law) -> None:
    seen = set()
    for row in law.preferences:
        for exporter in row.exporters:
            for product in row.products:
                key = (row.agreement, row.importer, exporter, product, row.start)
                assert key not in seen, key
                seen.add(key)


def test_a_preference_is_given_by_members_to_members_once_in_force(law: Law) -> None:
    for row in law.preferences:
        members = dict(law.agreement(row.agreement).members)
        for code in (row.importer, *row.exporters):
            assert code in members, (row.agreement, code)
            begun = max(members[code], date(2017, 1, 1))
            assert begun <= row.start, (row.agreement, row.importer, code, row.start)


def test_a_preference_comes_with_a_rule_of_origin(law: Law) -> None:
    for row in law.preferences:
        agreement = law.agreement(row.agreement)
        for product in row.products:
            assert agreement.rule(product, row.start) is not None, (row.agreement, product)


def test_preferential_rates_fall_with_time(law: Law) -> None:
    paths: dict[tuple[str, ...], list[tuple[date, float]]] = {}
    for row in law.preferences:
        for exporter in row.exporters:
            for product in row.products:
                key = (row.agreement, row.importer, exporter, product)
                paths.setdefault(key, []).append((row.start, row.rate))
    for key, path in paths.items():
        rates = [share for _, share in sorted(path)]
        assert rates == sorted(rates, reverse=True), key


def test_usmca_asks_for_75_percent_of_a_car_from_july_2023(law: Law) -> None:
    usmca = law.agreement("USMCA")
    asked = [usmca.rule("cars", date(year, 7, 1)) for year in (2020, 2021, 2022, 2023)]
    assert [rule.value_content for rule in asked if rule] == [0.66, 0.69, 0.72, 0.75]


@pytest.mark.parametrize("name", sorted(seed_reforms()))
def test_a_shipped_reform_changes_the_law(name: str, law: Law) -> None:
    assert apply_reforms(law, named_reforms(name)) != law


def test_the_ruling_ends_every_duty_under_ieepa(law: Law) -> None:
    groups = {i.group for i in law.instruments if i.basis == "ieepa"}
    assert {law.stacking.last_day(group) for group in groups} == {date(2026, 2, 23)}


def test_every_measure_and_every_rule_has_a_name_of_its_own(law: Law) -> None:
    for titles in (
        [one.title for one in law.instruments],
        [one.title for one in enacted().rules],
        [one.title for one in law.agreements],
    ):
        assert len(set(titles)) == len(titles)
