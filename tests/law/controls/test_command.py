"""``kyoten law licence`` on its fixed form, on files of cases, and on mistakes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sim.cli.law.licence import licence
from sim.errors import InputError

HERE = Path(__file__).parent
ONE = [
    "--tool-class", "3B001", "--us-content", "0.05", "--made", "JP", "--shipped-from", "JP",
    "--to", "CN", "--customer", "SMIC", "--on", "2025-02-15",
]  # fmt: skip


def run(*arguments: str) -> str:
    command = typer.Typer(pretty_exceptions_enable=False)
    command.command()(licence)
    result = CliRunner().invoke(command, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_one_question_prints_the_four_fixed_keys() -> None:
    answer = json.loads(run(*ONE, "--json"))
    assert list(answer) == ["us", "japan", "china", "reason"]
    assert (answer["us"], answer["japan"], answer["china"]) == ("EXEMPT_S4", "JP_LIC", "CN_NONE")


def test_people_see_the_answers_and_the_limbs() -> None:
    text = run(*ONE, "--explain")
    assert "EXEMPT_S4" in text
    assert "Limb by limb" in text
    assert "[bold]" not in text
    limbs = json.loads(run(*ONE, "--explain", "--json"))["limbs"]
    assert {"US", "JP"} <= {limb["authority"] for limb in limbs}


def test_owner_node_switch_and_reform_are_heard() -> None:
    rest = ["--tool-class", "3B991", "--us-content", "0.05", "--made", "MY", "--shipped-from", "MY"]
    rest += ["--to", "CN", "--customer", "unlisted", "--owner", "smic", "--owner-share", "0.6"]
    rest += ["--node", "mature", "--on", "2026-12-01", "--json"]
    assert json.loads(run(*rest))["us"] == "LIC_PoD"
    assert json.loads(run(*rest, "--switch", "affiliates_2026_11=false"))["us"] == "NLR"
    assert json.loads(run(*rest, "--reform", "detente"))["us"] == "NLR"


def test_a_material_is_asked_for_by_name() -> None:
    words = ["--material", "gallium", "--made", "CN", "--shipped-from", "CN", "--to", "US"]
    answer = json.loads(run(*words, "--on", "2025-01-15", "--json"))
    assert answer["china"] == "CN_BAN"
    assert list(answer) == ["china", "reason"]


def test_all_mistakes_of_a_question_are_told_at_once() -> None:
    wrong = [word.replace("SMIC", "SMICC").replace("3B001", "3B0001") for word in ONE]
    wrong[wrong.index("CN")] = "Chyna"
    with pytest.raises(InputError) as caught:
        run(*wrong)
    text = str(caught.value)
    assert caught.value.exit_code == 2
    assert len(caught.value.faults) == 3
    assert "did you mean `smic`?" in text
    assert "did you mean `CN` (China)?" in text
    assert "did you mean `3B001`?" in text


def test_missing_words_and_a_wrong_day_are_mistakes() -> None:
    with pytest.raises(InputError) as caught:
        run("--tool-class", "3B001", "--made", "JP")
    assert {fault.key for fault in caught.value.faults} == {
        "--shipped-from", "--to", "--customer", "--on", "--us-content",
    }  # fmt: skip
    with pytest.raises(InputError, match="2025-02-15"):
        run(*ONE[:-1], "15 February 2025")
    with pytest.raises(InputError, match="give both"):
        run("--cases", "x.csv")


def answered(tmp_path: Path, text: str) -> list[dict[str, str]]:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    run("--cases", str(source), "--out", str(target), "--json")
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_of_tools_keeps_its_columns_and_gains_the_answers(tmp_path: Path) -> None:
    rows = answered(
        tmp_path,
        "case,tool_class,us_content,made,shipped_from,to,customer,owner,owner_share,node,on,us\n"
        "1,3B001,0.05,JP,JP,CN,smic,,,advanced_logic,2024-01-15,as expected\n"
        "2,3B991,0.05,MY,MY,CN,cxmt,,,,2025-02-15,\n",
    )
    assert list(rows[0])[-4:] == ["us", "japan", "china", "reason"]
    assert [row["case"] for row in rows] == ["1", "2"]
    assert [row["us"] for row in rows] == ["NLR", "LIC_PoD"]


def test_every_row_of_the_case_table_is_answered_the_same_from_a_file(tmp_path: Path) -> None:
    text = (HERE / "tools.csv").read_text(encoding="utf-8")
    with (HERE / "tools.csv").open(encoding="utf-8", newline="") as file:
        expected = [(row["us"], row["japan"]) for row in csv.DictReader(file)]
    assert [(row["us"], row["japan"]) for row in answered(tmp_path, text)] == expected


def test_a_file_of_materials_may_leave_content_and_item_to_its_text(tmp_path: Path) -> None:
    rows = answered(
        tmp_path,
        "case,text,measure,made,shipped_from,to,party,on\n"
        "1,0.2% Chinese rare earths,CN61,JP,JP,TW,a toolmaker,2026-11-20\n"
        "2,only 0.05%,CN61,JP,JP,TW,a toolmaker,2026-11-20\n"
        "3,made with Chinese technology and 0% content,CN61,JP,JP,TW,a toolmaker,2026-11-20\n"
        "4,gallium to a lamp maker,CN46,CN,CN,US,,2025-01-15\n"
        "5,graphite to a lamp maker,CN46,CN,CN,US,,2025-01-15\n"
        "6,In metal,CN10,CN,CN,JP,,2025-02-04\n"
        "7,parts,CN-JP-12,CN,CN,JP,Nitto Denko,2026-03-15\n"
        "8,parts for a military user,CN-JP-1,CN,CN,JP,,2026-03-15\n"
        "9,parts for a non-military user,CN-JP-1,CN,CN,JP,,2026-03-15\n",
    )
    assert [row["china"] for row in rows] == [
        "CN_LIC", "CN_NONE", "CN_LIC", "CN_BAN", "CN_LIC_STRICT", "CN_LIC", "CN_LIC_STRICT",
        "CN_BAN", "CN_LIC",
    ]  # fmt: skip
    assert {row["us"] for row in rows} == {""}


def test_a_tool_row_may_leave_wafer_size_and_direct_product_to_its_text(tmp_path: Path) -> None:
    rows = answered(
        tmp_path,
        "text,tool_class,us_content,made,shipped_from,to,customer,node,on\n"
        "a 200 mm tool to a 200 mm fab,3B991,0.05,MY,MY,CN,smic,mature,2025-02-15\n"
        "a tool,3B991,0.05,MY,MY,CN,smic,mature,2025-02-15\n"
        "direct product of US technology,3B991,0.05,JP,JP,CN,huawei,mature,2023-02-15\n"
        "not a direct product of US technology,3B991,0.05,JP,JP,CN,huawei,mature,2023-02-15\n",
    )
    assert [row["us"] for row in rows] == ["LIC_CBC", "LIC_PoD", "LIC_PoD", "NLR"]


def test_tools_and_materials_may_share_a_file(tmp_path: Path) -> None:
    rows = answered(
        tmp_path,
        "tool_class,us_content,made,shipped_from,to,customer,item,on\n"
        "3B001,0.05,JP,JP,CN,smic,,2025-02-15\n"
        ",,CN,CN,US,,gallium,2025-01-15\n",
    )
    assert [(row["us"], row["china"]) for row in rows] == [("EXEMPT_S4", "CN_NONE"), ("", "CN_BAN")]


def test_every_wrong_cell_of_every_row_is_told_with_its_line(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(
        "tool_class,us_content,made,shipped_from,to,customer,owner,owner_share,node,on\n"
        "3B001,0.05,JP,JP,CN,smic,,,advanced_logic,2024-01-15\n"
        "3B01,5,JP,JP,CN,smic,,,advanced_logik,2024-01-15\n"
        "3B001,,JP,JP,CN,nobody,smic,,,15.1.2024\n"
        "3B001,five,XX,JP,CN,smic,,,,2024-01-15\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        run("--cases", str(source), "--out", str(tmp_path / "out.csv"))
    told = {(fault.line, fault.key) for fault in caught.value.faults}
    assert told == {
        (3, "tool_class"), (3, "us_content"), (3, "node"),
        (4, "us_content"), (4, "customer"), (4, "owner_share"), (4, "on"),
        (5, "us_content"), (5, "made"),
    }  # fmt: skip
    assert not (tmp_path / "out.csv").exists()


def test_a_file_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("tool_class,us_content,made\n3B001,0.05,JP\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run("--cases", str(source), "--out", str(tmp_path / "out.csv"))
    assert {fault.key for fault in caught.value.faults} == {"shipped_from", "to", "customer", "on"}
    source.write_text("toolclass,made\n3B001,JP\n", encoding="utf-8")
    with pytest.raises(InputError, match="did you mean `toolclass`"):
        run("--cases", str(source), "--out", str(tmp_path / "out.csv"))
    with pytest.raises(InputError, match="is missing"):
        run("--cases", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out.csv"))


def test_a_nearly_listed_party_is_asked_back(tmp_path: Path) -> None:
    words = ["--material", "dual_use", "--made", "CN", "--shipped-from", "CN", "--to", "JP"]
    with pytest.raises(InputError, match="did you mean"):
        run(*words, "--party", "Nito Denko", "--on", "2026-03-15")


def test_a_rare_earth_item_without_its_share_cannot_be_decided() -> None:
    words = ["--material", "rare_earth_item", "--made", "JP", "--shipped-from", "JP", "--to", "TW"]
    with pytest.raises(InputError, match=r"0\.1 % is 0\.001"):
        run(*words, "--on", "2026-12-01")
    assert json.loads(run(*words, "--on", "2025-12-01", "--json"))["china"] == "CN_NONE"
