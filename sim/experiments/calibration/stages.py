"""Stages of calibration: which targets judge which parameters.

Cars, ordinary goods and chip tools share no parameter that is turned here but those of the last
stage, so that each is calibrated by itself, on the lines that its targets look at. Every dial was
named as identified by those targets, or as open, when the model was designed; the report says which
it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.axes import VEHICLES


@dataclass(frozen=True, slots=True)
class Group:
    """Targets of one experiment, the products that they look at (none: all), and seeds a set.

    Without ``noise`` one seed stands for the median over many where rows are near to linear in it.
    """

    experiment: str
    targets: tuple[str, ...]
    products: tuple[str, ...] = ()
    replications: int = 2
    noise: bool = True


@dataclass(frozen=True, slots=True)
class Stage:
    """Dials that are turned together, and what judges them."""

    name: str
    dials: tuple[str, ...]
    groups: tuple[Group, ...]


# A07 (Nissan) is scored but does not pull: its cause is no parameter. A line has one customs value,
# and Nissan's Mexican cars are its cheapest; its contract supply from Korea of 2017 never ends.
_CARS = Group(
    "history",
    (
        "A01",
        "A02",
        "A05",
        "A13",
        "A18",
        "B01",
        "B02",
        "B03",
        "B06",
        "T01v",
        "T01u",
        "T02v",
        "T02u",
        "T03v",
        "T03u",
        "P02",
        "P09",
        "P10_honda",
        "P10_toyota",
        "P10_subaru",
    ),
    VEHICLES,
    1,
    noise=False,
)
_RIVALRY = Group("history", ("E13a", "E13b"), VEHICLES, 5)

STAGES: tuple[Stage, ...] = (
    Stage(
        "cars",
        (
            "hold_degree.cars",
            "invoice_lag.cars",
            "reallocation_share.cars",
            "price_adjustment.cars",
            "price_weight.cars",
            "base_margin.cars",
            "us_content.cars",
            "service_parts_share.cars",
            "supplier_support.cars",
            "macro_exponent.cars",
            "minimum_scale_units.cars",
            "exit_cost_share.cars",
        ),
        (_CARS, _RIVALRY, Group("car_elasticities", ("G27a", "G27b"), ("cars",), 1)),
    ),
    Stage(
        "goods",
        ("reallocation_share.*", "hold_degree", "price_weight", "price_adjustment", "rival_reply"),
        (
            Group(
                "ordinary_goods_duty",
                ("G01", "G02", "G04a", "G04b", "G06"),
                (
                    "printers",
                    "consoles_cameras",
                    "phones_laptops",
                    "consumer_electronics",
                    "general_goods",
                    "machinery",
                    "components",
                ),
            ),
            Group("line_transfer", ("E07",), ("printers",)),
        ),
    ),
    Stage(
        "tools",
        (
            "stock_kappa",
            "stock_jump",
            "stock_half_life_months",
            "fear_share",
            "substitution_share",
            "us_tool_share",
            "approve_japan",
            "localisation_slope",
        ),
        (Group("history", ("D01", "D02_1", "D02_2", "D02_3", "D03", "D07"), ("chip_tools",)),),
    ),
    Stage(
        "siting",
        ("decision_probability", "imitation", "hazard_section_232", "hazard_ieepa"),
        (Group("history", ("E16",), (), 4),),
    ),
)
"""In the order in which they are run."""
