"""The picture of the scoreboard shows every target once, and misses as misses."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from analysis.scoreboard import LABEL, PLOT, Score, scoreboard

MET = Score("A01", "a share & more", 0.2, 0.4, 0.3, 0.35, 0.34, 0.36, True)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*scores: Score) -> ET.Element:
    return ET.fromstring(scoreboard(scores, "Title"))


def test_every_target_has_its_band_its_fact_and_its_dot() -> None:
    picture = drawn(MET, replace(MET, id="A02", within=False))
    bands = [one for one in picture.iter(f"{SVG}rect") if one.get("height") == "12"]
    dots = list(picture.iter(f"{SVG}circle"))
    assert len(bands) == len(dots) == 2
    assert len(list(picture.iter(f"{SVG}line"))) == 4
    assert [dot.get("fill") == "white" for dot in dots] == [False, True]
    assert "A02" in [text.text for text in picture.iter(f"{SVG}text")]


def test_what_lies_far_outside_ends_in_an_arrow_and_what_is_not_asked_says_so() -> None:
    far = replace(MET, simulated=9.0, band_low=8.0, band_high=10.0, within=False)
    silent = replace(MET, simulated=None, band_low=None, band_high=None, within=False)
    picture = drawn(far, silent)
    assert len(list(picture.iter(f"{SVG}polygon"))) == 1
    assert not list(picture.iter(f"{SVG}circle"))
    assert "not asked" in [text.text for text in picture.iter(f"{SVG}text")]
    for line in picture.iter(f"{SVG}line"):
        assert LABEL <= float(line.get("x1", "nan")) <= LABEL + PLOT


@pytest.mark.parametrize(
    ("low", "high", "value", "place"),
    [(0.2, 0.4, 0.3, 0.5), (None, 0.0, -5.0, 0.5), (None, 0.0, 10.0, 2.0), (0.0, None, 5.0, 0.5)],
)
def test_an_open_band_is_as_wide_as_its_bound_is_far_from_what_is_known(
    low: float | None, high: float | None, value: float, place: float
) -> None:
    one = Score("x", "", low, high, None if low == 0.2 else 10.0, None, None, None, True)
    assert one.place(value) == pytest.approx(place)
