"""The command line of the law, its explanations, differences and audit."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.law.commands import app
from sim.errors import LawError
from sim.law.law import load_law
from sim.law.rates.credit import credits_on, monthly_credit
from sim.law.rates.schedule import rate
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import named_reforms
from sim.law.telling.audit import weak_evidence
from sim.law.telling.difference import between_days, between_laws
from sim.law.telling.explain import explain

RUN = CliRunner()


def _json(*arguments: str) -> object:
    result = RUN.invoke(app, [*arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_rate_answers_in_the_fixed_form() -> None:
    found = _json("rate", "JP", "US", "cars", "--on", "2025-06-15")
    assert found["rate"] == 0.275
    assert [c["instrument"] for c in found["components"]] == ["mfn", "us_232_autos"]
    assert all(set(c) == {"instrument", "rate", "source"} for c in found["components"])


def test_rate_with_a_claim_and_us_content() -> None:
    found = _json("rate", "MX", "US", "cars", "--on", "2025-06-15", "--claim", "best",
                  "--us-content", "0.4")  # fmt: skip
    assert found["rate"] == pytest.approx(0.15)


def test_rate_of_many_cases_writes_a_table(tmp_path: Path) -> None:
    cases, out = tmp_path / "in.csv", tmp_path / "out.csv"
    cases.write_text("exporter,importer,product,on\nJP,US,cars,2025-06-15\nTH,VN,cars,2018-01-01\n")
    arguments = ["rate", "--cases", str(cases), "--out", str(out)]
    assert RUN.invoke(app, arguments, catch_exceptions=False).exit_code == 0
    table = pd.read_csv(out)
    assert table["rate_share"].tolist() == [0.275, 0.7]
    assert table["components"].tolist() == ["mfn:0.025+us_232_autos:0.25", "mfn:0.7"]


def test_wrong_cases_name_the_file_and_row_and_write_nothing(tmp_path: Path) -> None:
    cases, out = tmp_path / "in.csv", tmp_path / "out.csv"
    cases.write_text("exporter,importer,product,on\nJP,US,carz,2025-06-15\n")
    result = RUN.invoke(app, ["rate", "--cases", str(cases), "--out", str(out)])
    assert isinstance(result.exception, LawError)
    assert "in.csv:2: product: `carz`" in str(result.exception)
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("show",), ("show", "us_232_autos"), ("show", "USMCA"),
        ("explain", "CN", "US", "cars_bev", "--on", "2025-06-15"),
        ("timeline", "US", "cars"), ("diff", "2024-12-31", "2025-10-01"),
        ("diff", "as_enacted", "us_autos_25_for_good"),
        ("rate", "JP", "US", "cars", "--on", "2025-06-15", "--law", "us_autos_25_for_good"),
    ],
)  # fmt: skip
def test_every_query_prints_and_gives_json(arguments: tuple[str, ...]) -> None:
    assert RUN.invoke(app, list(arguments), catch_exceptions=False).output
    assert _json(*arguments)


def test_an_explanation_reads_like_a_lawyer() -> None:
    told = RUN.invoke(app, ["explain", "CN", "US", "cars_bev", "--on", "2025-06-15"]).output
    output = " ".join(told.split())
    for words in (
        "Battery-electric cars", "147.5 %", "Section 301 of the Trade Act of 1974",
        "Section 232 of the Trade Expansion Act of 1962", "Executive Order", "source: https://",
        "Sum: 2.5 % + 100 % + 25 % + 20 % = 147.5 %", "do not pay it", "Doubts",
    ):  # fmt: skip
        assert words in output


@pytest.mark.parametrize(
    ("flow", "on", "claim", "identity", "reason"),
    [
        ("CN US cars_bev", date(2025, 6, 15), None, "us_301_cn_list_1", "highest rate"),
        ("JP US cars", date(2025, 10, 1), None, "us_232_autos", "all-in rate"),
        ("JP US cars", date(2025, 10, 1), None, "us_ieepa_reciprocal_jp", "section_232_auto"),
        ("JP US auto_parts", date(2025, 4, 15), None, "us_ieepa_reciprocal", "section_232_auto"),
        ("MX US machinery", date(2025, 6, 1), "best", "us_ieepa_border_mx", "claim USMCA"),
        ("CA US metals", date(2025, 4, 1), None, "us_232_metals", "ieepa_border"),
    ],
)
def test_what_is_set_aside_says_why(
    flow: str, on: date, claim: str | None, identity: str, reason: str
) -> None:
    found = explain(load_law(), *flow.split(), on, claim)
    reasons = {aside.instrument: aside.reason for aside in found.set_aside}
    assert reason in reasons[identity]


def test_a_class_with_odd_lines_says_so() -> None:
    doubts = " ".join(explain(load_law(), "JP", "US", "machinery", date(2026, 5, 1)).doubts)
    assert "us_232_industrial_machinery" in doubts
    assert "15 % all-in" in doubts


def test_a_refused_claim_says_so() -> None:
    doubts = explain(load_law(), "JP", "US", "cars", date(2025, 6, 15), "USMCA").doubts
    assert any("claim is refused" in doubt for doubt in doubts)


def test_a_difference_between_laws_holds_on_its_days_only() -> None:
    law, other = load_law(), apply_reforms(load_law(), named_reforms("us_autos_25_for_good"))
    found = between_laws(law, other, date(2025, 1, 1), date(2026, 12, 31))
    japan = [c for c in found if c.exporters == ("JP",) and c.product == "cars"]
    assert [(c.start, c.end, c.first, c.second) for c in japan] == [
        (date(2025, 9, 16), date(2026, 12, 31), 0.15, 0.275)
    ]
    for change in found:
        for on in (change.start, change.end):
            flow = (change.exporters[0], change.importer, change.product, on)
            assert rate(law, *flow).total == change.first
            assert rate(other, *flow).total == change.second


def test_a_law_does_not_differ_from_itself() -> None:
    assert between_laws(load_law(), load_law(), date(2017, 1, 1), date(2030, 12, 31)) == ()


def test_a_difference_between_days_is_the_difference_of_rates() -> None:
    law, days = load_law(), (date(2025, 4, 9), date(2025, 4, 10))
    for change in between_days(law, *days):
        for exporter in change.exporters:
            flow = (exporter, change.importer, change.product)
            assert rate(law, *flow, days[0]).total == change.first
            assert rate(law, *flow, days[1]).total == change.second


def test_the_audit_lists_estimates_with_their_range() -> None:
    facts = weak_evidence()
    assert all(
        f["evidence"] in ("recalled", "estimated") or f["confidence"] == "low" for f in facts
    )
    world = [f for f in facts if f["line"] == "mfn ROW cars"]
    assert world[0]["low"] < world[0]["value"] < world[0]["high"]


def test_the_offset_is_a_credit_with_an_end() -> None:
    law = load_law()
    assert credits_on(law, date(2025, 4, 2)) == ()
    assert credits_on(law, date(2030, 4, 30))[0].share == pytest.approx(0.0375)
    assert credits_on(law, date(2030, 5, 1)) == ()
    assert monthly_credit(law, [date(2025, 6, 1)]).max() == pytest.approx(0.0375)


def test_a_history_says_that_no_preference_is_claimed_and_who_could_claim_one() -> None:
    asked = ["timeline", "US", "cars", "--exporter", "MX", "--exporter", "JP"]
    told = RUN.invoke(app, asked, catch_exceptions=False).output
    assert "cars of Mexico into the United States, no preference claimed" in told
    assert "USMCA (Mexico)" in told
    assert "--claim best" in told
    own = RUN.invoke(app, [*asked, "--claim", "best"], catch_exceptions=False).output
    assert "claiming the best preference" in own
    assert "Agreements have" not in own
