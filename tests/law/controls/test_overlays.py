"""Folders laid over the law of export control."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sim.errors import LawError
from sim.law.controls import (
    ControlLaw,
    Query,
    decide,
    enacted,
    load_reform,
    shipped_reforms,
)
from sim.law.controls.history import ControlHistory

LISTINGS = "party,list,from,until,policy,citation,source_url,note,confidence,evidence\n"
GROUPS = "group,country,from,until,source_url,note,confidence,evidence\n"
ON = date(2027, 6, 1)
RULE = """\
- id: us_de_minimis_25
  authority: US
  kind: de_minimis
  title: Foreign-made items with more than 4 % controlled US content
  citation: a bill
  windows: [{}]
  where: {to_except: ["E:1", "E:2"], threshold_share: 0.04}
  sources: [{url: "https://example.org", confidence: low, evidence: estimated}]
"""
SWITCH = """\
affiliates_2026_11:
  key: S1
  kind: flag
  default: false
  meaning: the half-owned companies of listed owners are caught again
  why: another reading
  source: https://example.org
"""
REFORM = """\
name: mine
title: Japan leaves
source: scenario
start: 2027-01-01
changes: [{act: regroup, group: SUPP4, leave: [JP]}]
"""


def laid(tmp_path: Path, files: dict[str, str], name: str = "mine") -> Path:
    for file, text in files.items():
        path = tmp_path / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / name


def us(law: ControlLaw, customer: str, content: float = 0.05) -> str:
    tool = Query("3B991", content, made="JP", shipped_from="JP", to="CN", customer=customer)
    return decide(tool, ON, law=law).us


def test_an_entry_a_rule_a_group_and_a_switch_are_added_or_replaced(tmp_path: Path) -> None:
    overlay = laid(tmp_path, {
        "controls/listings.csv": LISTINGS
        + "hua_hong,entity_list,2027-01-01,,pod,a notice,https://example.org,,low,estimated\n",
        "controls/united_states.yaml": RULE,
        "controls/groups.csv": GROUPS + "SUPP4,KR,2027-01-01,,https://example.org,,low,estimated\n",
        "controls/switches.yaml": SWITCH,
    })  # fmt: skip
    law = enacted([overlay])
    assert (us(enacted(), "hua_hong"), us(law, "hua_hong")) == ("NLR", "LIC_PoD")
    assert us(law, "hua_hong", 0.03) == "NLR", "below the new threshold"
    assert law.in_group("KR", "SUPP4", ON)
    assert not enacted().in_group("KR", "SUPP4", ON)
    assert (law.defaults.affiliates_2026_11, enacted().defaults.affiliates_2026_11) == (False, True)
    assert [rule.id for rule in law.rules] == [rule.id for rule in enacted().rules]


def test_a_history_reforms_the_law_that_it_is_given(tmp_path: Path) -> None:
    law = enacted([laid(tmp_path, {"controls/united_states.yaml": RULE})])
    history = ControlHistory((load_reform("match_act"),), law)
    assert history.on(date(2026, 1, 1)) == law != enacted()
    assert history.law.rule("us_de_minimis_25").where.threshold_share == 0.04
    assert history.digest != ControlHistory((load_reform("match_act"),)).digest


def test_the_digest_goes_by_content_and_not_by_where_it_lies(tmp_path: Path) -> None:
    here, there = (
        enacted([laid(tmp_path, {"controls/switches.yaml": SWITCH}, name)]) for name in ("a", "b")
    )
    assert here.digest == there.digest != enacted().digest


def test_a_reform_of_an_overlay_is_found_by_its_name(tmp_path: Path) -> None:
    overlay = laid(tmp_path, {"reforms/controls/mine.yaml": REFORM})
    assert "mine" in shipped_reforms([overlay])
    assert "mine" not in shipped_reforms()
    assert load_reform("mine", [overlay]).title == "Japan leaves"


def test_every_fault_is_told_under_the_overlays_own_path(tmp_path: Path) -> None:
    overlay = laid(tmp_path, {
        "controls/listings.csv": LISTINGS
        + "smicc,entity_list,2027-01-01,,pod,a notice,https://example.org,,low,estimated\n",
        "controls/united_states.yaml": RULE.replace("E:2", "E:22"),
    })  # fmt: skip
    with pytest.raises(LawError) as raised:
        enacted([overlay])
    told = [(fault.file.split("mine/")[1], fault.line, fault.cure) for fault in raised.value.faults]
    assert told == [
        ("controls/united_states.yaml", 7, "did you mean `E:2`?"),
        ("controls/listings.csv", 2, "did you mean `smic`?"),
    ]
    laid(tmp_path, {
        "controls/groups.csv": "group,country\nSUPP4,KR\n",
        "controls/switches.yaml": SWITCH.replace("default: false", "default: maybe")
        + SWITCH.replace("affiliates_2026_11", "afiliates"),
        "controls/policies.yaml": "pod: {lines: [], source: x, note: x}\n",
        "controls/custmers.csv": "id\n",
    })  # fmt: skip
    with pytest.raises(LawError) as raised:
        enacted([overlay])
    files = {fault.file.split("mine/controls/")[1] for fault in raised.value.faults}
    assert files == {"groups.csv", "switches.yaml", "policies.yaml", "custmers.csv"}
