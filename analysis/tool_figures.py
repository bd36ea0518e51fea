"""The figures of chip tools of a run, drawn from it: what the report, app and ``plot`` share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import plotly.graph_objects as go

from analysis import catalogue as figures
from analysis.summaries import chip_tools
from analysis.summaries.outcomes import policy_name
from sim.results.run_folder.query import RunFolder


def _china_share(run: RunFolder, policy: str, against: str) -> go.Figure:
    both = chip_tools.tool_bands(run, "china_share", policy, against)
    days, makers = chip_tools.control_days(run, policy), chip_tools.tool_makers(run)
    return figures.china_shares(both, days, *_names(run, policy, against), makers)


def _orders_lost(run: RunFolder, policy: str, _: str) -> go.Figure:
    lost = chip_tools.lost_orders(run, policy)
    waiting, titles = chip_tools.waiting_orders(run, policy), chip_tools.rule_titles(run, policy)
    return figures.orders_lost(lost, waiting, titles, policy_name(run, policy))


def _who_gains(run: RunFolder, policy: str, against: str) -> go.Figure:
    table = chip_tools.gains(run, policy, against)
    makers = chip_tools.tool_makers(run)
    return figures.who_gains(table, *_names(run, policy, against), makers)


def _localisation(run: RunFolder, policy: str, against: str) -> go.Figure:
    both = chip_tools.tool_bands(run, "localisation_share", policy, against)
    buyers = chip_tools.tool_buyers(run)
    return figures.localisation(both, *_names(run, policy, against), buyers)


def _hump(run: RunFolder, policy: str, _: str) -> go.Figure:
    """Mechanisms behind the share of the greatest maker."""
    firm, name = next(iter(chip_tools.tool_makers(run).items()), ("", "the greatest maker"))
    return figures.hump(chip_tools.mechanism_shares(run, firm, policy), name)


def _names(run: RunFolder, policy: str, against: str) -> tuple[str, str]:
    return policy_name(run, policy), policy_name(run, against)


TOOL_FIGURES: Mapping[str, Callable[[RunFolder, str, str], go.Figure]] = {
    "china_share": _china_share,
    "orders_lost": _orders_lost,
    "who_gains": _who_gains,
    "localisation": _localisation,
    "hump": _hump,
}
"""Name -> figure of a run, a policy and the one it is compared with."""
