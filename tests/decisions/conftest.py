"""Rows and base year of the hand-made world, for kernels that are called by themselves."""

from __future__ import annotations

import pytest

from sim.engine.state import Base, build_base
from sim.world.layout import Layout, build_layout
from tests.reference import tiny


@pytest.fixture(scope="module")
def layout() -> Layout:
    """Rows of the hand-made world."""
    return build_layout(tiny.world())


@pytest.fixture(scope="module")
def base(layout: Layout) -> Base:
    """Its base year."""
    return build_base(tiny.world(), layout)
