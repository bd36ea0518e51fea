"""Colours stay apart for every eye, words exist for every code, numbers read as they are."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from analysis import style
from sim.axes import COUNTRIES, PRODUCTS
from sim.tables import DRIVERS

EYES = {
    "full": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
}  # fmt: skip
"""How eyes see linear RGB: Machado, Oliveira and Fernandes (2009), severity 1."""


def lab(colour: str, eye: np.ndarray) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(eye @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = (xyz @ seen) / np.array([0.9505, 1.0, 1.089])
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eye", EYES)
def test_the_five_main_places_stay_apart_for_every_eye(eye: str) -> None:
    colours = [style.COUNTRY_COLOURS[code] for code in ("JP", "CN", "VN", "TH", "US")]
    apart = [
        np.linalg.norm(lab(a, EYES[eye]) - lab(b, EYES[eye])) for a, b in combinations(colours, 2)
    ]
    assert min(apart) > 12


def test_every_country_has_its_own_colour_in_the_order_of_the_axis() -> None:
    assert tuple(style.COUNTRY_COLOURS) == COUNTRIES
    assert len(set(style.COUNTRY_COLOURS.values())) == len(COUNTRIES)


def test_every_product_belongs_to_one_sector_and_has_a_name() -> None:
    listed = [product for products in style.SECTORS.values() for product in products]
    assert sorted(listed) == sorted(PRODUCTS)
    assert set(style.PRODUCT_NAMES) == set(PRODUCTS)
    assert set(style.SECTOR_NAMES) == set(style.SECTOR_COLOURS) == set(style.SECTORS)


def test_every_driver_has_a_name_and_a_colour() -> None:
    assert set(style.DRIVER_NAMES) == set(style.DRIVER_COLOURS) == set(DRIVERS)
