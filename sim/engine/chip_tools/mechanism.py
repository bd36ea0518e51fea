"""Chip tools under export control as a mechanism (``docs/chip_tools.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sim.engine.chip_tools.build import build_tools
from sim.engine.chip_tools.licences import LicenceRecorder
from sim.engine.chip_tools.makers import raise_costs, settle
from sim.engine.chip_tools.month import open_month, serve_under_licence
from sim.engine.chip_tools.outcomes import OUTCOMES
from sim.engine.chip_tools.siting import expect_rules, name_rules
from sim.engine.chip_tools.state import Tools
from sim.engine.mechanism import Hook, Keys, Mechanism, Setup, names
from sim.engine.record.outcome import Outcome

_GIVEN = "market controls lines terms view"
"""What the block is given and never changes."""
_COSTS = "full_cost plan_cost plan_at_base_fx"
_SERVED = "base_demand demand share usable"

_HOOKS: tuple[Hook, ...] = (
    Hook(
        "beliefs",
        open_month,
        reads=names(
            state="month",
            licences=f"{_GIVEN} rivalry rule_of state.buyers state.content month.sums",
        ),
        writes=names(
            licences="state.buyers month.ruling month.stocked month.gain month.local month.lift "
            "month.built month.counted"
        ),
    ),
    Hook(
        "costs",
        raise_costs,
        reads=names(state="month", month=_COSTS, licences=_GIVEN),
        writes=names(month=_COSTS),
    ),
    Hook(
        "flows",
        serve_under_licence,
        "before",
        reads=names(
            state="month share",
            month=f"{_SERVED} index",
            licences=f"{_GIVEN} rows ids relief state.backlog state.installed "
            "state.legal state.gone month.ruling month.stocked month.gain "
            "month.lift month.built month.counted month.used month.book month.touched "
            "month.filled",
        ),
        writes=names(
            month=_SERVED,
            licences="state.backlog month.usual month.wanted "
            "month.turned month.here month.free month.used month.book month.touched month.filled",
        ),
    ),
    Hook(
        "investments",
        expect_rules,
        "before",
        reads=names(
            state="month",
            month="controls lawful",
            licences="market controls terms view rows state.buyers month.ruling month.usual "
            "month.wanted month.filled month.free",
        ),
        writes=names(month="controls lawful"),
    ),
    Hook(
        "investments",
        name_rules,
        "after",
        reads=names(
            state="month",
            licences=f"{_GIVEN} rows rules month.ruling",
        ),
        writes=("events",),
    ),
    Hook(
        "books",
        settle,
        "before",
        reads=names(
            state="month",
            month="line_cost",
            licences=f"{_GIVEN} rows state month.ruling month.stocked month.gain "
            "month.turned month.usual month.wanted month.filled month.lift month.built "
            "month.counted month.here month.free",
        ),
        writes=names(
            month="line_cost",
            licences="state.installed state.legal state.gone "
            "state.content state.redesign month.sums month.cost",
        ),
    ),
)


class ChipTools(Mechanism):
    """What the law says of every order for chip tools, and how buyers and makers answer it."""

    name: ClassVar[str] = "licences"
    title: ClassVar[str] = "export controls bind chip tools, and their buyers respond"
    uses: ClassVar[tuple[str, ...]] = (
        "approve_expected",
        "approve_exception",
        "approve_case_by_case",
        "approve_denial",
        "approve_japan",
        "approve_china",
        "wait_expected_months",
        "wait_exception_months",
        "wait_case_by_case_months",
        "wait_denial_months",
        "wait_japan_months",
        "cancel_share",
        "reroute_share",
        "via_home_cost_share",
        "overcompliance_share",
        "licence_cost_share",
        "violation_cost_share",
        "exit_permitted_share",
        "service_share",
        "tool_life_months",
        "redesign_cost_share",
        "redesign_months",
        "rare_earth_share",
        "us_tool_share",
        "dutch_tool_share",
        "substitution_share",
        "substitution_months",
        "stock_kappa",
        "stock_jump",
        "stock_half_life_months",
        "stock_speed",
        "stock_lag_months",
        "fear_share",
        "licence_weight",
        "record_share",
        "localisation_2017",
        "localisation_trend",
        "localisation_slope",
        "localisation_months",
        "local_rule_share",
        "made_in_china_share",
        "incomplete_share",
        "control_prior_years",
        "control_horizon_years",
        "exempt_risk_share",
        "material_premium_licence",
        "material_premium_strict",
        "material_premium_ban",
        "material_stock_months",
        "billings_on",
        "stock_on",
        "diversion_on",
        "japan_list_on",
        "localisation_on",
        "anticipation_on",
        "reroute_on",
        "overcompliance_on",
        "exit_on",
        "service_on",
        "redesign_on",
        "materials_on",
    )

    outcomes: ClassVar[tuple[Outcome, ...]] = OUTCOMES

    def build(self, setup: Setup) -> Tools | None:
        """Order book, buyers and backlog; None without makers of chip tools or without a law."""
        return build_tools(setup)

    def hooks(self) -> tuple[Hook, ...]:
        """The law and its answer, dear materials, orders under licence, the books."""
        return _HOOKS

    def recorders(self, lanes: Keys) -> Mapping[str, LicenceRecorder]:
        """The ``licences`` table."""
        return {"licences": LicenceRecorder(lanes)}
