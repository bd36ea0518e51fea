"""The rates and licences of an own policy can be looked up before it is run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.experiments.running.setting import laws_of
from sim.experiments.spec.reading import load_config
from sim.law.rates.schedule import rate

MINE = """\
experiment: mine
end: 2026-12
policies:
  as_it_is: {}
  autos_15:
    reforms:
      - {op: cap, importer: US, basis: section_232, rate: 0.15}
  no_301:
    extends: autos_15
    reforms:
      - {op: repeal, importer: US, exporters: CN, basis: section_301}
  korea:
    use: [korea_joins_supplement_4]
"""
DAY = "2025-06-15"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """An experiment with policies of one's own."""
    path = tmp_path / "mine.yaml"
    path.write_text(MINE, encoding="utf-8")
    return path


@pytest.mark.parametrize("policy", ["as_it_is", "autos_15", "no_301"])
@pytest.mark.parametrize(("exporter", "product"), [("JP", "cars"), ("CN", "printers")])
def test_rate_and_explain_tell_what_a_run_of_the_policy_will_charge(
    kyoten: Any, mine: Path, policy: str, exporter: str, product: str
) -> None:
    law = laws_of(load_config(mine))[policy]
    due = rate(law, exporter, "US", product, date.fromisoformat(DAY)).total
    of = ("--on", DAY, "--config", mine, "--policy", policy, "--json")
    assert kyoten("law", "rate", exporter, "US", product, *of).json["rate"] == due
    assert kyoten("law", "explain", exporter, "US", product, *of).json["total"] == due


def test_a_cap_and_a_repeal_are_seen_in_the_rates(kyoten: Any, mine: Path) -> None:
    def told(policy: str, exporter: str, product: str) -> float:
        of = ("--on", DAY, "--config", mine, "--policy", policy, "--json")
        found: float = kyoten("law", "rate", exporter, "US", product, *of).json["rate"]
        return found

    assert (told("as_it_is", "JP", "cars"), told("autos_15", "JP", "cars")) == (0.275, 0.175)
    assert told("no_301", "JP", "cars") == 0.175
    cut = told("as_it_is", "CN", "printers") - told("no_301", "CN", "printers")
    assert cut == pytest.approx(0.075)


def test_the_history_of_a_rate_follows_the_policy(kyoten: Any, mine: Path) -> None:
    of = ("--exporter", "JP", "--config", mine, "--policy", "autos_15", "--json")
    spells = kyoten("law", "timeline", "US", "cars", *of).json
    assert max(spell["rate"] for spell in spells) == 0.175


def test_a_policy_differs_from_the_enacted_law_as_its_reforms_say(kyoten: Any, mine: Path) -> None:
    only = ("--importer", "US", "--exporter", "JP", "--product", "cars", "--config", mine, "--json")
    changes = kyoten("law", "diff", "as_enacted", "autos_15", *only).json
    assert {round(one["second"] - one["first"], 10) for one in changes} == {-0.1}
    assert kyoten("law", "diff", "as_it_is", "as_enacted", *only).json == []
    days = ("2025-01-01", DAY, *only, "--policy", "autos_15")
    [change] = kyoten("law", "diff", *days).json
    assert (change["first"], change["second"]) == (0.025, 0.175)


def test_a_licence_follows_the_policys_export_controls(kyoten: Any, mine: Path) -> None:
    asked = ("law", "licence", "--tool-class", "3B001", "--us-content", "0.05", "--made", "KR",
             "--shipped-from", "KR", "--to", "CN", "--customer", "smic", "--on", "2028-01-15",
             "--json")  # fmt: skip
    before = kyoten(*asked).json["us"]
    own = kyoten(*asked, "--config", mine, "--policy", "korea").json["us"]
    assert own == kyoten(*asked, "--reform", "korea_joins_supplement_4").json["us"]
    assert own != before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--policy", "autos_15"), "give --config FILE"),
        (("--config", "FILE"), "give --policy: as_it_is, autos_15, no_301, korea"),
        (("--config", "FILE", "--policy", "auto_15"), "did you mean `autos_15`?"),
    ],
)
def test_half_a_question_about_a_policy_is_refused(
    kyoten: Any, mine: Path, options: tuple[str, ...], told: str
) -> None:
    given = [mine if word == "FILE" else word for word in options]
    ended = kyoten("law", "rate", "JP", "US", "cars", "--on", DAY, *given)
    assert ended.code == 2
    assert told in " ".join(ended.err.split())


def test_a_policy_beside_two_laws_is_refused(kyoten: Any, mine: Path) -> None:
    ended = kyoten("law", "diff", "as_enacted", "no_301", "--config", mine, "--policy", "korea")
    assert ended.code == 2
    assert "in the place of A or B" in ended.err
