"""Folders laid over the law: what they add and replace, and that they are checked alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.check import app as check
from sim.cli.law.commands import app
from sim.errors import InputError, LawError
from sim.law.law import Law, load_law
from sim.law.origin.content import Sourcing
from sim.law.origin.earning import earned_by
from sim.law.rates.schedule import rate

INSTRUMENT = """\
id: us_robots
title: Duty on robots
legal_basis: Section 232
basis: section_232
importer: US
exporters: [JP]
products: [machinery]
kind: additional
stacking: robots
status: enacted
values:
  2027-01-01:
    rate: 0.2
    source: https://example.org/notice
    confidence: high
    evidence: estimated
"""
STACKING = """\
groups:
  robots: {importer: US, title: Robots}
displacements:
  - by: robots
    drops: [forced_labour_301, section_122]
    when: charged
    source: https://example.org/notice
    confidence: high
    evidence: estimated
terminations:
  robots_end:
    title: The duty on robots ends
    groups: [robots]
    last: 2028-12-31
    source: https://example.org/notice
    confidence: high
    evidence: estimated
"""
MFN = (
    "importer,product,start,end,rate_share,low_share,high_share,source_url,note,confidence,evidence"
)
PREFERENCES = (
    "agreement,importer,exporters,products,start,end,rate_share,low_share,high_share,source_url,"
    "note,confidence,evidence"
)
SEEN = "https://example.org,,high,read"

Lay = Callable[..., Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Write files of an overlay."""

    def write(files: dict[str, str], name: str = "mine") -> Path:
        for file, text in files.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def pays(law: Law, flow: str, on: date, claim: str | None = None) -> float:
    return rate(law, *flow.split(), on, claim).total


def test_an_instrument_and_its_group_are_added(lay: Lay) -> None:
    law = load_law([lay({"us/us_robots.yaml": INSTRUMENT, "stacking.yaml": STACKING})])
    before, since = date(2026, 12, 31), date(2027, 1, 1)
    assert pays(law, "JP US machinery", before) == pays(load_law(), "JP US machinery", before)
    paid = rate(law, "JP", "US", "machinery", since)
    assert [part.instrument for part in paid.components] == ["mfn", "us_robots"]
    assert pays(law, "JP US machinery", date(2029, 1, 1)) == pays(
        load_law(), "JP US machinery", date(2029, 1, 1)
    )
    assert len(law.instruments) == len(load_law().instruments) + 1


def test_an_instrument_of_a_shipped_id_stands_in_its_place(lay: Lay) -> None:
    text = INSTRUMENT.replace("us_robots", "us_232_autos").replace("[machinery]", "[cars]")
    text = text.replace("stacking: robots", "stacking: section_232_auto")
    law = load_law([lay({"us/us_232_autos.yaml": text})])
    assert law.instrument("us_232_autos").title == "Duty on robots"
    assert [i.id for i in law.instruments] == [i.id for i in load_law().instruments]


def test_a_later_overlay_lies_on_top_of_an_earlier_one(lay: Lay) -> None:
    first = lay({"us/us_robots.yaml": INSTRUMENT, "stacking.yaml": STACKING}, "first")
    second = lay({"us/us_robots.yaml": INSTRUMENT.replace("rate: 0.2", "rate: 0.3")}, "second")
    law = load_law([first, second])
    since = date(2027, 1, 1)
    assert pays(law, "JP US machinery", since) == pytest.approx(
        pays(load_law([first]), "JP US machinery", since) + 0.1
    )


def test_a_base_rate_is_replaced_by_its_key_and_followed_by_another(lay: Lay) -> None:
    rows = [
        f"JP,general_goods,,2029-12-31,0.03,0.02,0.04,{SEEN}",
        f"JP,general_goods,2030-01-01,,0.5,0.5,0.5,{SEEN}",
    ]
    shipped = next(r for r in load_law().mfn if (r.importer, r.product) == ("JP", "general_goods"))
    rows[0] = rows[0].replace(",,2029", f",{shipped.start},2029")
    law = load_law([lay({"schedules/mfn.csv": "\n".join([MFN, *rows, ""])})])
    flow = "US JP general_goods"
    assert [pays(law, flow, date(year, 6, 1)) for year in (2029, 2030)] == [0.03, 0.5]


def test_a_preference_is_replaced_on_its_lanes_alone(lay: Lay) -> None:
    shipped = next(p for p in load_law().preferences if len(p.products) > 1 and p.rate == 0.0)
    exporter, product = shipped.exporters[0], shipped.products[0]
    row = (f"{shipped.agreement},{shipped.importer},{exporter},{product},{shipped.start},"
           f"{shipped.end or ''},0.001,0.001,0.001,{SEEN}")  # fmt: skip
    law = load_law([lay({"schedules/preferences.csv": f"{PREFERENCES}\n{row}\n"})])

    def given(of: Law, goods: str) -> list[float]:
        return [
            p.rate for p in of.preferences
            if (p.agreement, p.importer, p.start)
            == (shipped.agreement, shipped.importer, shipped.start)
            and exporter in p.exporters and goods in p.products
        ]  # fmt: skip

    assert given(law, product) == [0.001]
    assert given(law, shipped.products[1]) == given(load_law(), shipped.products[1])


def test_a_declaration_on_origin_is_replaced(lay: Lay) -> None:
    header = "kind,key,value,low,high,source_url,note,confidence,evidence"
    row = "parameter,minimal_operations_share,0.9,0.5,0.95,declared,,low,estimated"
    law = load_law([lay({"origin.csv": f"{header}\n{row}\n"})])
    atiga, on = law.agreement("ATIGA"), date(2024, 3, 1)
    asean = Sourcing(0.2, 0.75, {"TH": 1.0})
    assert earned_by(atiga, "light_trucks", "TH", "VN", asean, on)
    assert not earned_by(atiga, "light_trucks", "TH", "VN", asean, on, law.declared)
    assert law.digest != load_law().digest


def test_the_digest_goes_by_content_and_not_by_where_it_lies(lay: Lay) -> None:
    files = {"us/us_robots.yaml": INSTRUMENT, "stacking.yaml": STACKING}
    here, there = load_law([lay(files, "here")]), load_law([lay(files, "there")])
    assert here.digest == there.digest != load_law().digest
    split = [lay({"us/us_robots.yaml": INSTRUMENT}, "b"), lay({"stacking.yaml": STACKING}, "a")]
    assert load_law(split[::-1]) == here


def test_an_overlay_that_is_edited_is_read_anew(lay: Lay) -> None:
    overlay = lay({"us/us_robots.yaml": INSTRUMENT, "stacking.yaml": STACKING})
    first = load_law([overlay])
    lay({"us/us_robots.yaml": INSTRUMENT.replace("rate: 0.2", "rate: 0.25")})
    assert load_law([overlay]) != first


def test_every_fault_of_every_overlay_is_told_under_its_own_path(lay: Lay) -> None:
    overlay = lay({
        "us/us_robots.yaml": INSTRUMENT.replace("[machinery]", "[machnery]"),
        "stacking.yaml": STACKING.replace("drops: [forced_labour_301", "drops: [forced_labor_301"),
        "schedules/mfn.csv": f"{MFN}\nJP,carz,2030-01-01,,0.1,0.1,0.1,{SEEN}\n",
        "schedules/preferences.csv": f"{PREFERENCES}\nUSMAC,US,MX,cars,,,0,0,0,{SEEN}\n",
        "origin.csv": "kind,key,value\n",
        "agreements.yaml": "PACT: {title: A pact}\n",
        "mfn.csv": "importer\n",
        "uk/uk_cars.yaml": INSTRUMENT,
    })  # fmt: skip
    with pytest.raises(LawError) as raised:
        load_law([overlay])
    told = {fault.file.split("mine/")[1] for fault in raised.value.faults}
    assert told == {"us/us_robots.yaml", "stacking.yaml", "schedules/mfn.csv", "mfn.csv", "uk",
                    "schedules/preferences.csv", "origin.csv", "agreements.yaml"}  # fmt: skip
    told_cures = " ".join(str(fault) for fault in raised.value.faults)
    for cure in ("machinery", "forced_labour_301", "cars", "USMCA"):
        assert f"did you mean `{cure}`" in told_cures
    assert "move it to `schedules/mfn.csv`" in told_cures


def test_two_base_rates_on_one_day_are_refused(lay: Lay) -> None:
    row = f"JP,general_goods,2030-01-01,,0.5,0.5,0.5,{SEEN}"
    overlay = lay({"schedules/mfn.csv": f"{MFN}\n{row}\n"})
    with pytest.raises(LawError, match=r"mine/schedules/mfn.csv:2: JP general_goods: two rates"):
        load_law([overlay])


def test_a_folder_that_is_none_or_holds_nothing_is_refused(lay: Lay, tmp_path: Path) -> None:
    with pytest.raises(LawError, match="no such folder"):
        load_law([tmp_path / "nowhere"])
    with pytest.raises(LawError, match="holds no file of law"):
        load_law([lay({"README.md": "notes"})])


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "us_robots"),
        ("rate", "JP", "US", "machinery", "--on", "2027-06-01"),
        ("explain", "JP", "US", "machinery", "--on", "2027-06-01"),
        ("timeline", "US", "machinery", "--exporter", "JP"),
        ("diff", "as_enacted", "mine", "--importer", "US"),
        ("diff", "2026-12-31", "2027-01-01"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_every_verb_of_the_law_asks_the_law_that_it_is_given(
    lay: Lay, arguments: tuple[str, ...]
) -> None:
    """A folder and a reform of that folder, by its name."""
    reform = "title: Robots at 40 %\nreforms: [{op: set, instrument: us_robots, rate: 0.4}]\n"
    files = {
        "us/us_robots.yaml": INSTRUMENT,
        "stacking.yaml": STACKING,
        "reforms/mine.yaml": reform,
    }
    result = CliRunner().invoke(app, [*arguments, "--law", str(lay(files)), "--json"])
    assert result.exit_code == 0, result.exception
    told = result.stdout
    assert "us_robots" in told or "machinery" in told
    alone = CliRunner().invoke(app, [*arguments, "--json"])
    assert alone.exit_code != 0 or alone.stdout != told


def test_a_licence_is_asked_of_the_law_that_it_is_given(lay: Lay) -> None:
    listed = "hua_hong,entity_list,2027-01-01,,pod,a notice,https://example.org,,low,estimated\n"
    header = "party,list,from,until,policy,citation,source_url,note,confidence,evidence\n"
    question = ["licence", "--tool-class", "3B991", "--us-content", "0.3", "--made", "JP",
                "--shipped-from", "JP", "--to", "CN", "--customer", "hua_hong",
                "--on", "2027-06-01", "--json"]  # fmt: skip
    overlay = lay({"controls/listings.csv": header + listed})
    answers = [CliRunner().invoke(app, [*question, *more]).stdout
               for more in ((), ("--law", str(overlay)))]  # fmt: skip
    assert "LIC_PoD" in answers[1]
    assert "LIC_PoD" not in answers[0]


def test_check_tells_the_faults_of_an_overlay_its_reforms_among_them(lay: Lay) -> None:
    overlay = lay({
        "us/us_robots.yaml": INSTRUMENT.replace("stacking: robots", "stacking: robot"),
        "reforms/mine.yaml": "title: x\nreforms: [{op: cap, basis: section_233, rate: 0.1}]\n",
        "controls/groups.csv": "group,country\nSUPP4,KR\n",
    })  # fmt: skip
    result = CliRunner().invoke(check, ["--law", str(overlay)])
    assert isinstance(result.exception, InputError)
    files = {fault.file.split("mine/", 1)[1] for fault in result.exception.faults}
    assert files == {"us/us_robots.yaml", "reforms/mine.yaml", "controls/groups.csv"}
