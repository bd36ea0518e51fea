"""The files of export control are sound, and a wrong one is told with file, key and cure."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from sim.errors import DataError, LawError
from sim.law.controls import (
    ControlReform,
    Switches,
    enact_reforms,
    enacted,
    load_reform,
    shipped_reforms,
)
from sim.law.controls.audit import weak_evidence
from sim.law.controls.files import models, read_rows, read_yaml
from sim.law.controls.law import broken_names
from sim.law.controls.rules import Rule, Window, cut, keep
from sim.law.controls.switches import declarations
from sim.law.files import LAW_FOLDER

LAW = enacted()


def test_every_name_in_a_rule_or_listing_stands_for_something() -> None:
    assert list(broken_names(LAW)) == []


def test_ids_of_rules_are_unique() -> None:
    ids = [rule.id for rule in LAW.rules]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("rule", LAW.rules, ids=lambda rule: rule.id)
def test_windows_of_a_rule_are_in_order_and_do_not_overlap(rule: Rule) -> None:
    days = [(w.start or date.min, w.until or date.max) for w in rule.windows]
    assert days == sorted(days)
    assert all(one[1] < two[0] for one, two in pairwise(days))


@pytest.mark.parametrize("rule", LAW.rules, ids=lambda rule: rule.id)
def test_a_rule_is_announced_no_later_than_it_starts(rule: Rule) -> None:
    starts = [w.start for w in rule.windows if w.start]
    if rule.announced and starts and rule.id != "cn_control_list_users":
        assert rule.announced <= min(starts) or rule.where.listed


def test_a_rule_on_weak_evidence_says_its_doubt_or_its_confidence() -> None:
    for rule in LAW.rules:
        for source in rule.sources:
            if source.evidence in {"recalled", "estimated"}:
                assert source.note or rule.doubt, rule.id


def test_the_exemption_has_the_thirty_three_countries_and_not_korea() -> None:
    members = {row.country for row in LAW.memberships if row.group == "SUPP4"} - {"EU"}
    assert len(members) == 33
    assert {"JP", "NL", "DE", "GB"} <= members
    assert not {"KR", "TW", "SG", "MY", "IL", "US", "CN"} & members
    allied = {row.country for row in LAW.memberships if row.group == "A:5"} - {"EU"}
    assert allied - members == {"AR", "IN", "KR", "TR", "AE"}


def test_sixteen_footnote_5_entities_stand_behind_eleven_rows() -> None:
    rows = [row for row in LAW.listings if row.list_name == "footnote_5"]
    assert len(rows) == 11  # five research centres share one
    assert {row.start for row in rows} == {date(2024, 12, 2)}


def test_switches_of_the_code_are_those_of_the_data() -> None:
    assert {spec.name for spec in fields(Switches)} == set(declarations())
    for declaration in declarations().values():
        assert declaration.meaning
        assert declaration.why
        assert declaration.source.startswith("http")
        assert declaration.kind in {"flag", "date", "countries"}


def test_wrong_switches_are_all_told_at_once_with_the_nearest_name() -> None:
    with pytest.raises(LawError) as caught:
        Switches.default().but(match_at="2027-01-01", china_61_revived="maybe", korea_in_supp4="x")
    assert len(caught.value.faults) == 3
    assert "did you mean `match_act`?" in str(caught.value)


def test_a_switch_takes_iso_dates_and_lists() -> None:
    switches = Switches.default().but(match_act="2027-01-01", match_act_aligned=["JP"])
    assert switches.match_act == date(2027, 1, 1)
    assert switches.match_act_aligned == ("JP",)


def edited_rules(tmp_path: Path, old: str, new: str) -> tuple[Path, list[str]]:
    """Japan's rules with an edit, as an overlay, and the lines of the file."""
    text = (LAW_FOLDER / "controls" / "japan.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / "mine" / "controls" / "japan.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(old, new, 1), "utf-8")
    return tmp_path / "mine", path.read_text("utf-8").splitlines()


def test_a_rule_with_an_unknown_key_names_file_rule_key_and_line(tmp_path: Path) -> None:
    overlay, text = edited_rules(tmp_path, "announced: 2023-03-31", "anounced: 2023-03-31")
    with pytest.raises(LawError) as caught:
        enacted([overlay])
    (fault,) = caught.value.faults
    assert fault.file.endswith("mine/controls/japan.yaml")
    assert fault.key == "jp_23_items.anounced"
    assert text[(fault.line or 0) - 1].strip() == "anounced: 2023-03-31"


def test_a_wrong_value_is_told_with_the_line_of_its_key(tmp_path: Path) -> None:
    overlay, text = edited_rules(tmp_path, "announced: 2023-03-31", "announced: soon")
    with pytest.raises(LawError) as caught:
        enacted([overlay])
    (fault,) = caught.value.faults
    assert (fault.key, text[(fault.line or 0) - 1].strip()) == (
        "jp_23_items.announced", "announced: soon",
    )  # fmt: skip


def test_a_rule_with_an_answer_of_another_authority_is_refused() -> None:
    entry = LAW.rule("jp_23_items").model_dump(by_alias=True) | {"code": "LIC_PoD"}
    with pytest.raises(LawError, match="no answer of JP"):
        models(Rule, "japan.yaml", [entry])


def test_a_rule_that_names_an_unknown_class_is_told_the_nearest() -> None:
    rule = LAW.rule("us_sme_fdp")
    wrong = rule.model_copy(update={"where": rule.where.model_copy(update={"classes": ("3B01",)})})
    (fault,) = broken_names(replace(LAW, rules=(wrong,), listings=()))
    assert fault.cure == "did you mean `3B001`?"


def test_a_tab_in_a_rule_file_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("a:\n\t- b\n", encoding="utf-8")
    with pytest.raises(LawError) as caught:
        read_yaml(file)
    assert caught.value.faults[0].line == 2


def test_a_row_with_too_many_cells_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n1,2,3\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_rows(file)
    assert caught.value.faults[0].line == 3


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Window(start=date(2025, 1, 2), until=date(2025, 1, 1))


def test_what_is_cut_and_what_is_kept_make_up_the_window() -> None:
    whole = (Window(start=date(2020, 1, 1), until=date(2020, 12, 31)),)
    span = (date(2020, 3, 1), date(2020, 4, 30))
    pieces = [*cut(whole, *span), *keep(whole, *span)]
    lengths = [((w.until or date.max) - (w.start or date.min)).days + 1 for w in pieces]
    assert len(pieces) == 3
    assert sum(lengths) == 366
    assert lengths[-1] == 61


def test_an_unknown_reform_or_rule_is_told_the_nearest() -> None:
    with pytest.raises(LawError, match="did you mean `match_act`"):
        load_reform("match_acts")
    with pytest.raises(LawError, match="did you mean `us_sme_fdp`"):
        LAW.rule("us_sme_fpd")


def test_a_reform_with_a_wrong_key_names_its_file_and_key(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "name: mine\ntitle: t\nsource: s\nstart: 2027-01-01\n"
        "changes:\n  - {act: regroup, group: SUPP4, leeve: [JP]}\n",
        encoding="utf-8",
    )
    with pytest.raises(LawError) as caught:
        load_reform(file)
    assert "leeve" in caught.value.faults[0].key
    assert caught.value.faults[0].line == 6
    assert caught.value.faults[0].file.endswith("mine.yaml")


@pytest.mark.parametrize(
    "change",
    [
        {"act": "repeal", "pick": {"rules": ["us_sme_fdpp"]}},
        {"act": "enact", "rules": ["us_matchh_country"]},
        {"act": "delay", "rules": ["us_sme_fdpp"], "until": date(2028, 1, 1)},
        {"act": "regroup", "group": "SUP4", "leave": ["JP"]},
        {"act": "regroup", "group": "SUPP4", "leave": ["JPN"]},
        {"act": "enlist", "parties": ["smicc"], "list": "entity_list", "policy": "pod"},
        {"act": "enlist", "parties": ["smic"], "list": "entity_lists", "policy": "pod"},
        {"act": "enlist", "parties": ["hua_hong"], "list": "entity_list", "policy": "podd"},
        {"act": "enlist", "parties": ["hua_hong"], "list": "entity_list"},
        {"act": "delist", "parties": ["smicc"], "lists": ["entity_list"]},
        {"act": "alter", "rules": ["us_sme_fdp"], "where": {"classes": ["3B0001"]}},
        {"act": "alter", "rules": ["us_sme_fdp"], "code": "LIC_PODD"},
        {"act": "regroup", "group": "SUPP4", "leave": ["KR"]},
    ],
    ids=lambda change: f"{change['act']} {list(change.values())[1]}",
)
def test_a_change_that_names_nothing_or_changes_nothing_is_refused(
    change: dict[str, object],
) -> None:
    entry = {"name": "x", "title": "t", "source": "s", "start": date(2027, 1, 1)}

    def apply() -> None:
        enact_reforms(LAW, models(ControlReform, "x", [entry | {"changes": [change]}]))

    with pytest.raises(LawError):
        apply()


def test_every_shipped_reform_has_its_name_as_file_and_a_source() -> None:
    for name in shipped_reforms():
        reform = load_reform(name)
        assert reform.name == name
        assert reform.source


def test_the_audit_lists_what_is_recalled_doubtful_or_estimated() -> None:
    facts = {(fact.table, fact.key) for fact in weak_evidence()}
    assert ("controls", "us_fn5_facility") in facts
    assert ("controls", "cn_gallium_germanium") in facts
    assert ("customers", "smic_jv") in facts
    assert ("origin", "net_cost_share") in facts
    assert ("controls", "us_sme_list_2024") not in facts
