"""Every mistake of a file at once, each with place, key and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ConfigError, Fault
from sim.experiments.spec.checks import outside_ranges
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.reading import load_config

GOOD = """\
experiment: small
end: 2018-12
policies:
  as_enacted: {title: As enacted}
  other: {extends: as_enacted}
"""


def load(tmp_path: Path, text: str, **changes: object) -> ExperimentConfig:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, **changes)


def faults(tmp_path: Path, text: str) -> list[Fault]:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    return list(caught.value.faults)


def only(tmp_path: Path, text: str) -> Fault:
    (fault,) = faults(tmp_path, text)
    return fault


def test_a_good_file_is_read(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD)
    assert list(config.policies) == ["as_enacted", "other"]


def test_options_replace_keys_of_the_file(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD + "replications: 3\n", replications=5, seed=None)
    assert (config.replications, config.seed) == (5, 20170101)


@pytest.mark.parametrize(
    ("added", "key", "line", "column", "wrong", "cure"),
    [
        ("replicatons: 3\n", "replicatons", 6, 1, "unknown key", "`replications`"),
        ("end: 2019-12\n", "end", 6, 1, "given before, in line 2", "keep one"),
        ("start: 2025-13-01\n", "start", 6, 1, "`2025-13-01` is not a month", "2025-04"),
        ("start: 2018-01\n", "start", 6, 1, "base year", "2017-01"),
        ("parameters: {theta: 0}\n", "parameters.theta", 6, 14, "no meaning", "above 0"),
        ("parameters: {theta: -5}\n", "parameters.theta", 6, 14, "no meaning", "above 0"),
        ("parameters: {theta: 1e308}\n", "parameters.theta", 6, 14, "no meaning", "at most"),
        ("parameters: {theta.scale: -1}\n", "parameters.theta.scale", 6, 14, "-7.7", "above 0"),
        ("seed: -1\n", "seed", 6, 1, "must be at least 0, not `-1`", ""),
        ("replications: many\n", "replications", 6, 1, "whole number, not `many`", ""),
        ("replications: true\n", "replications", 6, 1, "must be a number, not `true`", ""),
        ("seed: false\n", "seed", 6, 1, "must be a number, not `false`", ""),
        ("parameters: {theta: true}\n", "parameters.theta", 6, 14, "a number, not `true`", ""),
        ("replications: 1.5\n", "replications", 6, 1, "whole number", ""),
        ("baseline: as_enactd\n", "baseline", 6, 1, "no policy", "`as_enacted`"),
        ("inputs: {rivals: maybe}\n", "inputs.rivals", 6, 10, "true or false", ""),
        ("inputs: {rival: true}\n", "inputs.rival", 6, 10, "unknown key", "`rivals`"),
        ("inputs: all\n", "inputs", 6, 1, "`key: value`", ""),
        ("design: {kind: sobel}\n", "design.kind", 6, 10, "unknown word", "`sobol`"),
        ("parameters: {thta: 3}\n", "parameters.thta", 6, 14, "no such parameter", "`theta`"),
        ("parameters: {theta: .nan}\n", "parameters.theta", 6, 14, "finite", ""),
        ("  third: {use: [china_6]}\n", "policies.third.use[0]", 6, 17, "no shipped", "china_60"),
        ("  third: {extends: othr}\n", "policies.third.extends", 6, 11, "no policy", "`other`"),
        ("  Third: {}\n", "policies.Third", 6, 3, "no name", "snake_case"),
    ],
)
def test_a_mistake_is_told_with_place_key_and_cure(
    tmp_path: Path, added: str, key: str, line: int, column: int, wrong: str, cure: str
) -> None:
    fault = only(tmp_path, GOOD + added)
    assert (fault.key, fault.line, fault.column) == (key, line, column)
    assert wrong in fault.wrong
    assert cure in fault.cure


@pytest.mark.parametrize(
    ("uncertainties", "key", "wrong"),
    [
        ("theta: {low: 9, high: 5}", "uncertainties.theta", "not below"),
        ("imitation: {low: 0, high: 2, scale: log}", "uncertainties.imitation.low", "positive"),
        ("theta: {low: 1}", "uncertainties.theta.high", "missing"),
        ("theta: {low: 1, high: 2, hi: 3}", "uncertainties.theta.hi", "unknown key"),
        ("theta: []", "uncertainties.theta", "empty"),
        ("theta: [1, x]", "uncertainties.theta[1]", "a number, not `x`"),
        ("thta: [1, 2]", "uncertainties.thta", "no such parameter"),
    ],
)
def test_a_mistaken_uncertainty_is_told(
    tmp_path: Path, uncertainties: str, key: str, wrong: str
) -> None:
    text = GOOD + f"design: {{kind: factorial}}\nuncertainties: {{{uncertainties}}}\n"
    fault = only(tmp_path, text)
    assert (fault.key, fault.line) == (key, 7)
    assert wrong in fault.wrong


def test_a_design_and_its_uncertainties_belong_together(tmp_path: Path) -> None:
    fault = only(tmp_path, GOOD + "uncertainties: {theta: [1, 2]}\n")
    assert "design" in fault.wrong
    fault = only(tmp_path, GOOD + "design: {kind: sobol}\n")
    assert "no uncertainties" in fault.wrong
    text = GOOD + "uncertainties: {theta: [1, 2]}\ndesign: {kind: sobol, samples: 100}\n"
    assert only(tmp_path, text).cure == "choose 128"


def test_policies_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    text = GOOD.replace("{title: As enacted}", "{extends: other}")
    assert [fault.key for fault in faults(tmp_path, text)] == [
        "policies.as_enacted.extends",
        "policies.other.extends",
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
experiment: My run
start: 2025-13-01
polices: {}
seed: 1
seed: 2
baseline: nobody
policies:
  a: {titel: A, use: [nothing_like_it]}
parameters: {nonsense_name: 1}
"""
    told = faults(tmp_path, text)
    assert [(fault.key, fault.line) for fault in told] == [
        ("end", 1),
        ("experiment", 1),
        ("start", 2),
        ("polices", 3),
        ("seed", 5),
        ("baseline", 6),
        ("policies.a.titel", 8),
        ("policies.a.use[0]", 8),
        ("parameters.nonsense_name", 9),
    ]


@pytest.mark.parametrize(
    ("reform", "key", "wrong", "cure"),
    [
        ("{op: sett, rate: 0.1}", ".op", "unknown word `sett`", "`set`"),
        ("{rate: 0.1}", ".op", "missing", "add it"),
        ("{op: set, importer: XX, rate: 0.1}", ".importer", "`XX` is unknown", "JP, CN"),
        ("{op: set, importer: US, rat: 0.1, rate: 0.1}", ".rat", "unknown key", "`rate`"),
        ("{op: set, importer: US, rate: true}", ".rate", "a number, not `true`", ""),
        ("{op: set, importer: US, rate: 10}", ".rate", "must be at most 4", ""),
        ("{op: repeal, basis: section_31}", ".basis", "`section_31` is unknown", "`section_301`"),
        ("{op: repeal, basis: ieepa, start: 2025-13-01}", ".start", "not a date", "2025-04-03"),
        ("{op: repeal, start: 2025-01-01}", "", "say what it touches", ""),
        ("{op: repeal, instrument: us_232_auto}", ".instrument", "`us_232_auto`", "us_232_autos"),
        ("{op: repeal, basis: section_301, importer: VN}", "", "nothing", ""),
    ],
)
def test_a_mistaken_reform_is_told(
    tmp_path: Path, reform: str, key: str, wrong: str, cure: str
) -> None:
    fault = only(tmp_path, GOOD + f"  third:\n    reforms:\n      - {reform}\n")
    assert fault.key == f"policies.third.reforms[0]{key}"
    assert fault.line == 8
    assert wrong in fault.wrong
    assert cure in fault.cure


def test_a_reform_is_tried_on_the_law_that_its_policy_extends(tmp_path: Path) -> None:
    """Repealing twice changes nothing the second time, and says so at its own line."""
    repeal = "reforms: [{op: repeal, instrument: us_232_autos_jp}]"
    text = GOOD + f"  third: {{{repeal}}}\n  fourth: {{extends: third, {repeal}}}\n"
    fault = only(tmp_path, text)
    assert fault.key.startswith("policies.fourth.reforms[0]")
    assert fault.line == 7


def test_ends_of_uncertainties_are_judged_with_what_is_set_beside_them(tmp_path: Path) -> None:
    text = GOOD + "parameters: {theta.scale: 2}\ndesign: {kind: factorial}\nuncertainties:\n"
    drawn = "  theta: {low: -1, high: 8}\n  parts_share.cars: [0.3, 1.3]\n"
    told = {fault.key: fault for fault in faults(tmp_path, text + drawn)}
    assert set(told) == {"uncertainties.theta", "uncertainties.parts_share.cars"}
    assert told["uncertainties.parts_share.cars"].line == 10


def test_values_outside_declared_ranges_are_told_and_accepted(tmp_path: Path) -> None:
    text = GOOD + "parameters: {theta: 20}\ndesign: {kind: factorial}\nuncertainties:\n"
    config = load(tmp_path, text + "  eta.cars: {low: 3, high: 9}\n")
    told = [problem.wrong for problem in outside_ranges(config.model_dump(mode="json"))]
    assert told == [
        "20 is outside its declared range 5..11.5",
        "9 is outside its declared range 2.5..5.5",
    ]
