"""Acts that pay firms for making goods in a place: read, shown, edited by reforms."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli.law.commands import app
from sim.errors import InputError, LawError
from sim.law.law import Law, load_law
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import parse_reforms
from sim.law.subsidies.reading import read_subsidies
from sim.law.telling.public_money import act_spells, acts_between_days, acts_between_laws

PAGE = """\
id: us_try
title: Try
legal_basis: none
giver: US
products: [cars]
kind: share_of_outlay
values:
  2020-01-01:
    size: 0.25
    source: https://a.example
    confidence: high
    evidence: read
"""


def read(folder: Path, text: str) -> list[str]:
    """What is wrong with a page of an overlay."""
    (folder / "subsidies" / "us").mkdir(parents=True)
    (folder / "subsidies" / "us" / "us_try.yaml").write_text(text, encoding="utf-8")
    _, faults = read_subsidies([folder])
    return [str(fault) for fault in faults]


def reformed(*reforms: dict[str, Any]) -> Law:
    """The law with these reforms."""
    return apply_reforms(load_law(), parse_reforms(reforms))


def sizes(law: Law, identity: str, on: date) -> list[float]:
    """Sizes of an act in force on a day."""
    return [grant.size for grant in law.subsidy(identity).in_force(on)]


def test_every_act_has_a_source_or_says_why_it_moves_nothing() -> None:
    acts = load_law().subsidies
    assert len(acts) > 100
    assert all(act.silent or act.grants for act in acts)
    assert all(grant.provenance.source for act in acts for grant in act.grants)


def test_a_page_in_order_has_no_fault(tmp_path: Path) -> None:
    assert read(tmp_path, PAGE) == []


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("kind: share_of_outlay", "kind: share_of_outlai", "share_of_outlay"),
        ("products: [cars]", "products: [carz]", "cars"),
        ("size: 0.25", "size: 25", "0.25 for 25 %"),
        ("2020-01-01", "2020-13-01", "YYYY-MM-DD"),
        ("giver: US", "giver: JP", "name the file"),
        ("    source: https://a.example\n", "", "source"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_cure(
    tmp_path: Path, wrong: str, right: str, told: str
) -> None:
    [fault, *_] = read(tmp_path, PAGE.replace(wrong, right))
    assert told in fault
    assert "us_try.yaml:" in fault


def test_a_repeal_ends_an_act_and_leaves_what_was_before() -> None:
    law = reformed({"op": "repeal", "instrument": "us_48d_35", "start": "2026-06-01"})
    assert sizes(law, "us_48d_35", date(2026, 5, 31)) == [0.35]
    assert sizes(law, "us_48d_35", date(2026, 6, 1)) == []


def test_a_suspension_comes_back_and_a_set_changes_the_size() -> None:
    law = reformed(
        {"op": "suspend", "instrument": "us_tcja", "start": "2020-01-01", "end": "2020-12-31"},
        {"op": "set", "instrument": "us_48d_35", "rate": 0.1, "start": "2027-01-01"},
    )
    days = [date(2019, 1, 1), date(2020, 6, 1), date(2021, 1, 1)]
    assert [sizes(law, "us_tcja", day) for day in days] == [[0.14], [], [0.14]]
    assert sizes(law, "us_48d_35", date(2027, 1, 1)) == [0.1]


def test_a_new_act_is_made_and_its_name_must_be_free() -> None:
    new = {"op": "subsidise", "id": "th_new", "places": ["TH"], "products": ["printers"],
           "kind": "share_of_outlay", "size": 0.4, "start": "2026-01-01"}  # fmt: skip
    assert sizes(reformed(new), "th_new", date(2026, 1, 1)) == [0.4]
    with pytest.raises(LawError, match="exists"):
        reformed({**new, "id": "us_45x"})


@pytest.mark.parametrize(
    ("reform", "told"),
    [
        ({"op": "repeal", "instrument": "us_48d_36"}, "us_48d_35"),
        ({"op": "subsidise", "id": "x", "kind": "grants", "size": 0.1, "start": "2026-01-01"},
         "share_of_outlay"),
        ({"op": "repeal", "instrument": "us_48d_25", "start": "2027-01-01"}, "touches nothing"),
    ],
)  # fmt: skip
def test_a_wrong_reform_is_told(reform: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        reformed(reform)


def test_duties_do_not_know_of_subsidies() -> None:
    law = load_law()
    assert reformed({"op": "repeal", "instrument": "us_45x"}).part("US") == law.part("US")


def test_a_repeal_is_told_as_the_end_of_what_the_act_pays() -> None:
    """Until the day of the repeal nothing differs, nor after the act itself has ended."""
    law = reformed({"op": "repeal", "instrument": "us_45x", "start": "2026-01-01"})
    told = acts_between_laws(load_law(), law, date(2017, 1, 1), date(2040, 12, 31))
    assert [(one.subsidy, str(one.start), str(one.end), one.first, one.second) for one in told] == [
        ("us_45x", "2026-01-01", "2029-12-31", 0.25, None),
        ("us_45x", "2030-01-01", "2030-12-31", 0.19, None),
        ("us_45x", "2031-01-01", "2031-12-31", 0.125, None),
        ("us_45x", "2032-01-01", "2032-12-31", 0.0625, None),
    ]


def test_a_new_act_and_another_size_are_told_with_both_sides() -> None:
    law = reformed(
        {"op": "subsidise", "id": "us_more", "places": "US", "products": "cars",
         "kind": "share_of_outlay", "size": 0.3, "start": "2027-01-01", "end": "2027-12-31"},
        {"op": "set", "instrument": "us_45x", "rate": 0.1, "start": "2028-01-01",
         "end": "2028-12-31"},
    )  # fmt: skip
    told = acts_between_laws(load_law(), law, date(2017, 1, 1), date(2030, 12, 31))
    assert [(one.subsidy, str(one.start), str(one.end), one.first, one.second) for one in told] == [
        ("us_45x", "2028-01-01", "2028-12-31", 0.25, 0.1),
        ("us_more", "2027-01-01", "2027-12-31", None, 0.3),
    ]


def test_a_law_against_itself_and_two_days_of_one_size_differ_in_no_act() -> None:
    law = load_law()
    assert acts_between_laws(law, law, date(2017, 1, 1), date(2040, 12, 31)) == ()
    same = acts_between_days(law, date(2024, 1, 1), date(2024, 1, 1))
    assert same == ()


def test_an_act_that_starts_between_two_days_is_told() -> None:
    told = acts_between_days(load_law(), date(2022, 12, 31), date(2024, 1, 1))
    [started] = [one for one in told if one.subsidy == "us_45x"]
    assert (started.first, started.second) == (None, 0.25)


def test_other_terms_of_an_act_are_told_by_name() -> None:
    law = load_law()
    acts = tuple(replace(act, chance=0.5) if act.id == "us_45x" else act for act in law.subsidies)
    other = replace(law, subsidies=acts)
    told = acts_between_laws(law, other, date(2024, 1, 1), date(2024, 12, 31))
    assert [(one.subsidy, one.first, one.second, one.terms) for one in told] == [
        ("us_45x", 0.25, 0.25, ("chance",))
    ]


def test_spells_of_an_act_follow_each_other_without_gap_or_overlap() -> None:
    """Every act: on each day what its spells say is what is in force."""
    for act in load_law().subsidies:
        spells = act_spells([act])
        for day in {one.start for one in spells} | {one.end for one in spells if one.end}:
            told = sum(one.size for one in spells if one.start <= day <= (one.end or date.max))
            held = sum(grant.size for grant in act.in_force(day))
            assert told == pytest.approx(held), (act.id, day)


def test_the_commands_tell_subsidies_and_the_nearest_id() -> None:
    """``law diff`` and ``law timeline`` tell acts beside duties; a slip of the pen is named."""
    run = CliRunner().invoke
    told = json.loads(run(app, ["timeline", "us_45x", "--json"]).stdout)
    assert [one["size"] for one in told] == [0.25, 0.19, 0.125, 0.0625]
    options = ["--importer", "US", "--product", "ev_batteries", "--json"]
    found = json.loads(run(app, ["diff", "2022-12-31", "2024-01-01", *options]).stdout)
    assert "us_45x" in {one.get("subsidy") for one in found}
    of_market = json.loads(run(app, ["timeline", "US", "ev_batteries", "--json"]).stdout)
    assert {"us_45x", "jp_2020_r2"} <= {one.get("subsidy") for one in of_market}
    for command in (["timeline", "us_45y"], ["show", "us_45y"]):
        error = run(app, command).exception
        assert isinstance(error, LawError)
        assert "us_45x" in str(error)
