"""Acts that pay firms for making goods in a place: read, shown, edited by reforms."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError, LawError
from sim.law.law import Law, load_law
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import parse_reforms
from sim.law.subsidies.reading import read_subsidies

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
