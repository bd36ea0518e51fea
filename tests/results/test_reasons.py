"""What a policy changes in a firm's moves is told in words, first, with the rule behind it."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.errors import QueryError
from sim.results.names import find_firm
from sim.results.reasons.changes import moves
from sim.results.reasons.export_rule import export_rule
from sim.results.reasons.move import CHANGES, Move
from sim.results.reasons.overview import overview
from sim.results.reasons.why import HEADINGS, why
from sim.results.reasons.wording import _ACTS, act, takes_effect
from sim.results.run_folder.query import RunFolder, open_run
from sim.results.run_folder.store import chunk_name, write_chunk
from sim.tables import DRIVERS, MOVES, RELOCATION_KINDS, TABLES
from tests.plausible import frames
from tests.results.conftest import MONTHS, write_run

MACHINE_WORDS = ("hurdle", "ems", "programme", "times a run", "taken back", "baseline")
DIGITS = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?: (?:bn|tn|m|k)\b)?")
SIZES = {"tn": 1e12, "bn": 1e9, "m": 1e6, "k": 1e3}
VALUE = {
    "start": "2018-03-01", "end": None, "rate": 0.25, "kind": "additional", "status": "enacted",
    "announced": "2018-02-01", "source": "https://a.example/301",
}  # fmt: skip
INSTRUMENT = {
    "title": "China tariff", "legal_basis": "Trade Act of 1974", "basis": "section_301",
    "importer": "US", "exporters": ["CN"], "products": ["printers"], "values": [VALUE],
}  # fmt: skip


def with_law(folder: Path, tariff: dict[str, Any], base: dict[str, Any]) -> RunFolder:
    """The plausible run under two laws."""
    write_run(folder)
    (folder / "law.json").write_text(json.dumps({"tariff": tariff, "base": base}))
    return open_run(folder)


@pytest.fixture
def lawful(tmp_path: Path) -> RunFolder:
    return with_law(tmp_path / "run", {"us_cn_301": INSTRUMENT}, {})


def move(**changes: Any) -> Move:
    """A move of cars that happens more often."""
    given: dict[str, Any] = {
        "change": "more", "policy": "a", "against": "b", "told_of": "a", "firm": "nissan",
        "firm_name": "Nissan", "product": "cars", "from_country": "", "to_country": "CN",
        "market": "", "kind": "expand", "partner": "", "reason": "demand", "futures": 3,
        "futures_against": 1, "all_futures": 4, "announced": "2023-07-01",
        "earliest": "2023-07-01", "latest": "2024-01-01", "operating": "2025-07-01",
        "months_later": None, "units": 60e3, "units_change": 40e3, "sunk_cost_usd": 0.6e9,
        "value_usd": 0.1e9, "drivers": dict.fromkeys(DRIVERS, 0.0) | {"demand": 0.3e9},
    }  # fmt: skip
    return Move(**given | changes)


NAMES = {"a": "Policy A", "b": "Policy B"}


@pytest.mark.parametrize(("worth", "named"), [(6e6, "jp_23_items"), (0.1e6, None)])
def test_a_move_that_controls_drive_names_the_rule_that_weighed_most(
    tmp_path: Path, worth: float, named: str | None
) -> None:
    """Most decisions name one rule; where controls count for little none is told."""
    write_run(tmp_path)
    lanes = [("tariff", "base", r) for r in range(4)]
    content = frames(lanes, MONTHS, detail=2)
    rows = content["relocations"]
    rules = np.array(["jp_23_items", "jp_23_items", "us_entity_list", ""])
    named_by = pd.Categorical(rules[rows["replication"].astype(int)])
    content["relocations"] = rows.assign(driver_controls_usd=worth, rule=named_by)
    write_chunk(tmp_path, chunk_name(1), lanes, content)
    with open_run(tmp_path) as run:
        [found] = moves(run, "tariff", "base", "brother")
    assert (found.export_rule.id if found.export_rule else None) == named


def test_a_rule_of_export_control_is_named_with_authority_day_and_source() -> None:
    controls = {
        "jp_23_items": {
            "title": "Advanced tools",
            "authority": "JP",
            "citation": "item 7",
            "source_url": "https://a.b",
            "windows": [["2023-07-23", None]],
        }
    }
    told = move(export_rule=export_rule("jp_23_items", controls)).sentence(NAMES)
    assert told.endswith(
        "Behind the controls: “Advanced tools” of Japan, in force from 2023-07-23"
        " (item 7, https://a.b)."
    )
    unknown = export_rule("cn_content", {}).words()
    assert unknown == "“Chinese rare earths in foreign items” of China"


ACT = {
    "title": "Production credit", "legal_basis": "Sec. 45X", "giver": "US", "places": ["US"],
    "products": ["printers"], "firms": [], "kind": "share_of_price",
    "grants": [
        {"start": "2018-01-01", "end": "2029-12-31", "size": 0.25, "announced": None,
         "source": "https://a.example/45x"},
        {"start": "2030-01-01", "end": None, "size": 0.1, "announced": "2018-01-01",
         "source": "https://a.example/45x"},
    ],
}  # fmt: skip
AGREEMENT = {"title": "Pacific pact", "members": [["VN", "2018-12-30"]], "source": "https://p.ex"}
BASE_RATE = {
    "importer": "US", "product": "printers", "start": "2018-06-01", "end": None, "rate": 0.02,
    "source": "https://a.example/mfn",
}  # fmt: skip
BOTH = {
    "us_cn_301": INSTRUMENT, "us_45x": ACT, "cptpp": AGREEMENT, "mfn": {"base_rates": [BASE_RATE]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("driver", "rule", "told"),
    [
        (
            "subsidy", "us_cn_301;us_45x",
            ("Behind the subsidies: “Production credit” of the United States, from 2018-01-01 to"
            " 2029-12-31: 25.0 % of the price (Sec. 45X; https://a.example/45x)."),
        ),
        (
            "duty", "us_cn_301;us_45x",
            ("Behind the duty: “China tariff” of the United States on goods of China, from"
            " 2018-03-01: 25.0 % (Trade Act of 1974; https://a.example/301)."),
        ),
        ("duty", "cptpp", "Behind the duty: “Pacific pact” (https://p.ex)."),
        (
            "duty", "mfn",
            ("Behind the duty: “Most-favoured-nation rate” of the United States, from 2018-06-01:"
            " 2.0 % (https://a.example/mfn)."),
        ),
    ],
    ids=["an act", "an instrument", "an agreement", "a base rate"],
)  # fmt: skip
def test_what_of_the_law_drives_a_move_alike_under_both_is_named_with_its_source(
    tmp_path: Path, driver: str, rule: str, told: str
) -> None:
    folder = tmp_path / "run"
    with_law(folder, BOTH, BOTH).close()
    for number, name in enumerate(("base", "tariff")):
        lanes = [(name, "base", r) for r in range(4)]
        content = frames(lanes, MONTHS, detail=2)
        rows = content["relocations"]
        zero = {f"driver_{one}_usd": 0.0 for one in DRIVERS}
        named = {"rule": rule, "reason": driver, f"driver_{driver}_usd": 6e6}
        content["relocations"] = rows.assign(**zero | named)
        write_chunk(folder, chunk_name(number), lanes, content)
    with open_run(folder) as run:
        text = why(run, "Brother", "tariff").paragraphs(every=True)[0]
    assert told in text


def test_what_the_policy_changes_comes_first_with_the_rule_behind_it(lawful: RunFolder) -> None:
    found = why(lawful, "Brother", "tariff")
    assert found.paragraphs()[0].startswith(
        "Only under “tariff”:\nBrother moves printers for the United States from China to its plant"
        " in Vietnam in all 4 futures under “tariff”, in none under “base”. Decided "
    )
    text = found.paragraphs()[0]
    assert "duty +6 m USD, the cost of moving -2 m USD, wages +500 k USD" in text
    assert "“China tariff” of the United States on goods of China, from 2018-03-01: 25.0 %" in text
    assert "(Trade Act of 1974; https://a.example/301)" in text
    assert "240 USD of 2017 a year" in text


def test_what_is_the_same_under_both_is_one_line_unless_all_is_asked_for(lawful: RunFolder) -> None:
    found = why(lawful, "honda", "tariff")
    assert found.paragraphs() == [
        "“tariff” changes no move of Honda against “base”.",
        "1 move is the same under both: --all tells them.",
    ]
    told = found.paragraphs(every=True)[-1]
    assert told.startswith("The same under both:\nHonda closes part of its plant for passenger")
    assert "stops 2017-11" in told


def test_a_policy_judged_by_the_other_loses_what_the_other_gains(lawful: RunFolder) -> None:
    [gained] = moves(lawful, "tariff", "base", "brother")
    [lost] = moves(lawful, "base", "tariff", "brother")
    assert (gained.change, lost.change) == ("gained", "lost")
    assert (lost.told_of, lost.futures, lost.futures_against) == ("tariff", 0, 4)
    assert lost.units_change == -gained.units_change == -240.0
    assert "in none of 4 futures under “base”, in 4 under “tariff”" in lost.sentence(
        {"base": "base", "tariff": "tariff"}
    )


def test_a_policy_against_itself_changes_nothing(run: RunFolder) -> None:
    for policy in run.policies:
        found = moves(run, policy, policy)
        assert {one.change for one in found} == {"same"}
        assert all(one.units_change == 0.0 for one in found)


def test_a_firm_that_stays_has_no_moves(lawful: RunFolder) -> None:
    assert why(lawful, "canon", "tariff").rows() == []


def test_firms_are_found_by_id_or_name_in_any_case(run: RunFolder) -> None:
    assert find_firm(run, "HONDA") == ("honda", "Honda")
    with pytest.raises(QueryError, match="did you mean `honda`"):
        find_firm(run, "Hnda")


@pytest.mark.parametrize(
    "other",
    [
        {"us_cn_301": INSTRUMENT},
        {"us_cn_301": {**INSTRUMENT, "values": [{**VALUE, "source": "https://b.example"}]}},
    ],
    ids=["the same law", "the same rate"],
)
def test_a_duty_that_both_policies_charge_is_behind_nothing(tmp_path: Path, other: Any) -> None:
    with with_law(tmp_path / "run", {"us_cn_301": INSTRUMENT}, other) as run:
        [found] = why(run, "brother", "tariff").moves
        assert found.rules == ()


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({"importer": "EU"}, False),
        ({"exporters": ["TH"]}, False),
        ({"products": ["cars"]}, False),
        ({"values": [{**VALUE, "status": "void"}]}, False),
        ({"values": [{**VALUE, "end": "2018-04-01"}]}, False),
        ({"values": [{**VALUE, "start": "2020-01-01"}]}, True),
        ({"values": [{**VALUE, "start": "2020-01-01", "announced": "2019-12-01"}]}, False),
    ],
)
def test_a_rule_is_on_the_route_and_in_force_or_announced_when_they_decide(
    tmp_path: Path, change: dict[str, Any], counts: bool
) -> None:
    with with_law(tmp_path / "run", {"us_cn_301": {**INSTRUMENT, **change}}, {}) as run:
        [found] = why(run, "brother", "tariff").moves
        assert [one.id for one in found.rules] == (["us_cn_301"] if counts else [])


def test_a_move_tells_the_best_options_that_it_was_preferred_to(lawful: RunFolder) -> None:
    [found] = why(lawful, "brother", "tariff").moves
    assert [(one.to_country, one.way) for one in found.not_taken] == [
        ("TH", "transfer"), ("MX", "open"),
    ]  # fmt: skip
    assert found.sentence({"tariff": "Tariff", "base": "Base"}).endswith(
        "Not taken: its plant in Thailand (400 k USD a year less); a new plant in Mexico"
        " (2 m USD a year less)."
    )


def test_numbers_of_the_sentences_are_those_of_the_rows(lawful: RunFolder) -> None:
    """Every number in a text is a number, a month or a share of its row, as it is written."""
    for firm in ("brother", "honda"):
        for row in why(lawful, firm, "tariff").rows():
            refuse_other_numbers(row)


def refuse_other_numbers(row: dict[str, Any]) -> None:
    """Fail where a text holds a number that its row does not."""
    known = list(numbers_of({key: value for key, value in row.items() if key != "text"}))
    known.append(round(row.get("months_later") or 0.0))
    text = re.sub(r"https?://\S+|“[^”]*”", "", row["text"].replace("of 2017", ""))
    for name in ("title", "legal_basis", "citation"):
        for one in (row, *row.get("rules", ())):
            text = text.replace(str(one.get(name)), "")
    dates = json.dumps(row, default=dataclasses.asdict)
    for month in sorted(set(re.findall(r"\d{4}-\d\d(?:-\d\d)?", text)), key=len, reverse=True):
        assert month in dates
        text = text.replace(month, "")
    for found in DIGITS.findall(text):
        number, _, size = found.replace(",", "").partition(" ")
        scale = SIZES.get(size, 1.0)
        value, rounded = abs(float(number) * scale), 0.501 * scale
        rounded /= 10.0 ** len(number.partition(".")[2])
        near = [one for one in known if abs(abs(one) - value) <= rounded]
        assert near or not value, (found, row["text"])


def numbers_of(value: Any) -> Any:
    """Every number in a row, shares as per cent too."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield from (float(value), 100.0 * float(value))
    elif isinstance(value, dict):
        for one in value.values():
            yield from numbers_of(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from numbers_of(one)


def test_every_kind_and_every_change_has_its_words_and_none_of_the_machine() -> None:
    assert set(_ACTS) == set(RELOCATION_KINDS)
    assert set(HEADINGS) == set(CHANGES)
    for kind in RELOCATION_KINDS:
        leaves = kind in ("close", "exit", "mothball")
        ends = {"from_country": "CN"} if leaves else {"from_country": "CN", "to_country": "VN"}
        given = {"kind": kind, "market": "US", "to_country": "", "partner": "Huawei", **ends}
        told = move(**given).sentence(NAMES)
        assert not [word for word in MACHINE_WORDS if re.search(rf"\b{word}\b", told.lower())]
        assert "_" not in told
        assert "  " not in told
        assert ("first output" in told) == (kind in (*MOVES, "return", "expand"))


def test_a_closure_stops_and_has_no_first_output() -> None:
    assert takes_effect("close", "2020-04-01") == "stops 2020-04"
    assert takes_effect("mothball", "2020-04-01") == "idle from 2020-04"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "in 3 of 4 futures under “Policy A”, in 1 under “Policy B”."),
        ({"change": "earlier", "futures_against": 3, "months_later": -9.2},
         "in 3 of 4 futures under both, 9 months earlier than under “Policy B”."),
        ({"change": "larger", "futures_against": 3},
         "in 3 of 4 futures under both, 40,000 vehicles a year more on average than under"),
        ({"change": "same", "futures": 4, "futures_against": 4}, "in all 4 futures."),
    ],
)  # fmt: skip
def test_a_change_is_told_by_how_often_when_or_how_much(change: dict[str, Any], told: str) -> None:
    assert told in move(**change).sentence(NAMES)


def test_a_partner_is_named_and_its_range_dated() -> None:
    told = move(kind="partner", partner="Huawei").sentence(NAMES)
    assert told.startswith("Nissan takes Huawei as technology partner for passenger cars in China")
    assert "full range 2025-07" in told


def test_decisions_of_one_future_are_added_up_and_shifts_are_of_the_first(tmp_path: Path) -> None:
    """Twice the same move in a future is one move of twice the size."""
    write_run(tmp_path / "run")
    lanes = [("tariff", "base", r) for r in range(4)]
    content = frames(lanes, MONTHS, detail=2)
    rows = content["relocations"]
    again = rows[rows["firm"] == "brother"]
    content["relocations"] = pd.concat([rows, again], ignore_index=True)
    for name in ("outcomes", "flows"):
        content[name] = content[name].iloc[:0]
    write_chunk(tmp_path / "run", chunk_name(1), lanes, content)
    with open_run(tmp_path / "run") as run:
        [found] = moves(run, "tariff", "base", "brother")
        assert (found.units, found.drivers["duty"]) == (480.0, 12.0e6)
        assert (found.futures, found.all_futures) == (4, 4)


def test_without_a_firm_the_firms_that_change_most_are_told_and_how_to_ask(
    lawful: RunFolder,
) -> None:
    found = overview(lawful, "tariff")
    [brother] = found.firms
    assert brother.share == pytest.approx(2.4)
    first, unchanged, ask = found.paragraphs()
    assert first.splitlines()[1] == (
        "  240 % Brother: printers for the United States, China to Vietnam (4 of 4 futures, else 0)"
    )
    assert unchanged == "2 firms change nothing."
    assert ask.endswith("--policy tariff --against base --firm brother")


def test_an_act_without_a_market_names_none() -> None:
    told = act({"kind": "expand", "product": "ev_batteries", "from_country": "", "to_country": "US",
                "market": "", "partner": ""})  # fmt: skip
    assert told == "enlarges its plant for EV batteries in the United States"


@pytest.mark.parametrize(
    ("listed", "counts"), [("other;us_cn_301", True), ("other", False)], ids=["charged", "stacked"]
)
def test_a_rule_that_stacking_does_not_charge_is_not_named(
    tmp_path: Path, listed: str, counts: bool
) -> None:
    """Where the run kept its duties, they say which instruments are in the whole duty."""
    with with_law(tmp_path / "run", {"us_cn_301": INSTRUMENT}, {}):
        pass
    for number, (policy, names, rate) in enumerate((("base", "", 0.02), ("tariff", listed, 0.27))):
        lanes = [(policy, "base", r) for r in range(4)]
        content = frames(lanes, MONTHS, detail=2)
        rows = [("plausible", policy, "base", 0, month, "US", "CN", "printers", rate, names)
                for month in MONTHS]  # fmt: skip
        kept = pd.DataFrame(rows, columns=list(TABLES["duties"].names))
        content["duties"] = kept.assign(month=kept["month"].astype("datetime64[s]"))
        write_chunk(tmp_path / "run", chunk_name(number), lanes, content)
    with open_run(tmp_path / "run") as run:
        [found] = why(run, "brother", "tariff").moves
        assert [(one.duty_share, one.duty_against_share) for one in found.rules] == (
            [(0.27, 0.02)] if counts else []
        )
        if counts:
            assert "; all duties there together 27.0 % and 2.0 % (" in found.sentence(
                {"tariff": "Tariff", "base": "Base"}
            )


def test_the_same_move_decided_later_elsewhere_is_a_shift_in_time(tmp_path: Path) -> None:
    write_run(tmp_path)
    lanes = [("tariff", "base", r) for r in range(4)]
    moved = frames(lanes, MONTHS, detail=2)["relocations"]
    ours = [("base", "base", r) for r in range(4)]
    content = frames(ours, MONTHS, detail=2)
    late = moved[moved["firm"] == "brother"].assign(policy="base")
    for name in ("month", "announced_month", "operating_month"):
        shifted = late[name].to_numpy("datetime64[M]") + np.timedelta64(9, "M")
        late[name] = shifted.astype("datetime64[s]")
    content["relocations"] = pd.concat([content["relocations"], late], ignore_index=True)
    write_chunk(tmp_path, chunk_name(0), ours, content)
    with open_run(tmp_path) as run:
        [earlier] = moves(run, "tariff", "base", "brother")
        [later] = moves(run, "base", "tariff", "brother")
    assert (earlier.change, earlier.months_later) == ("earlier", -9.0)
    assert (later.change, later.months_later) == ("later", 9.0)
    assert later.announced > earlier.announced
