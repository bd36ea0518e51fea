"""Chip tools under export control: China's share with the rules, orders lost, gains, mechanisms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import factorial
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from ruamel.yaml import YAML

from analysis.outcomes import Bands, bands, leading, records
from analysis.style import BASELINE, INK, RULE, dressed, empty, money, percent, plain, short, tint
from sim.results.query import RunFolder

Floats = NDArray[np.float64]

MAKERS = 5
"""Firms that a figure of lines shows."""
RULES = 12
"""Rules that a figure names; the rest are one colour."""
MECHANISMS: Mapping[str, str] = {
    "billings_on": "Demand: boom in China, slump elsewhere",
    "stock_on": "Stocks of buyers",
    "diversion_on": "Orders diverted from US makers",
    "japan_list_on": "Japan's own list",
    "localisation_on": "Localisation",
}
"""Switch of ``parameters.csv`` -> what it stands for, in the order of the report."""
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#44AA99",
            "#999933", "#332288", "#661100", "#7F7F7F")  # fmt: skip


def rule_titles(run: RunFolder, policy: str) -> dict[str, str]:
    """Title of every rule of export control under a policy, by id."""
    told = run.controls.get(run.require_policy(policy), {})
    return {rule: str(content["title"]) for rule, content in told.items()}


def control_days(run: RunFolder, policy: str) -> pd.DataFrame:
    """Days on which US and Japanese rules on goods started: columns ``day, title, rules``."""
    told = run.controls.get(run.require_policy(policy), {})
    first, last = run.manifest.first_month, run.manifest.last_month
    days: dict[str, list[str]] = {}
    for content in told.values():
        if content["kind"] == "person_limit":
            continue
        for start, _ in content["windows"]:
            if content["authority"] in ("US", "JP") and start and first <= start <= last:
                days.setdefault(start, []).append(str(content["title"]))
    rows = [(pd.Timestamp(day), names[0], len(names)) for day, names in sorted(days.items())]
    return pd.DataFrame(rows, columns=["day", "title", "rules"])


def tool_bands(run: RunFolder, outcome: str, policy: str, against: str) -> Bands | None:
    """Bands of an outcome of chip tools; None where the run holds none of them."""
    held = run.sql("SELECT 1 FROM outcomes WHERE outcome = $name LIMIT 1", {"name": outcome})
    return None if held.empty else bands(run, outcome, policy, against)


def lost_orders(run: RunFolder, policy: str) -> pd.DataFrame:
    """Orders refused or taken back, USD: mean over runs, columns ``rule, year, lost``."""
    return run.sql(
        """SELECT part("group", 'rule') AS rule, year(month) AS year,
            sum(value) / count(DISTINCT (scenario, replication)) AS lost
        FROM outcomes WHERE policy = $policy AND outcome = 'lost_by_rule_usd'
        GROUP BY ALL HAVING sum(value) > 0 ORDER BY year, rule""",
        {"policy": run.require_policy(policy)},
    )


def waiting_orders(run: RunFolder, policy: str) -> pd.DataFrame:
    """Orders that wait at a year's end, USD: mean over runs, columns ``year, waiting``."""
    return run.sql(
        """SELECT year(month) AS year,
            sum(value) / count(DISTINCT (scenario, replication)) AS waiting
        FROM outcomes WHERE policy = $policy AND outcome = 'backlog_usd' AND month(month) = 12
        GROUP BY ALL HAVING sum(value) > 0 ORDER BY year""",
        {"policy": run.require_policy(policy)},
    )


def gains(run: RunFolder, policy: str, against: str) -> pd.DataFrame:
    """Yearly sales in China of Japanese and of Chinese makers, USD, less those of another policy.

    Columns ``year, who, difference``; means over runs. ``who`` is a firm, or ``Chinese makers``.
    """
    rows = run.sql(
        """SELECT policy, year(month) AS year,
            CASE WHEN outcome = 'chinese_tools_usd' THEN 'Chinese makers'
                ELSE part("group", 'firm') END AS who,
            sum(value) / count(DISTINCT (scenario, replication)) AS value
        FROM outcomes WHERE policy IN ($policy, $against) AND (outcome = 'chinese_tools_usd'
            OR (outcome = 'tool_sales_usd' AND part("group", 'country') = 'CN'))
        GROUP BY ALL ORDER BY year, who""",
        {"policy": run.require_policy(policy), "against": run.require_policy(against)},
    )
    if rows.empty:
        return pd.DataFrame(columns=["year", "who", "difference"])
    table = rows.pivot_table(
        index=["year", "who"], columns="policy", values="value", fill_value=0.0
    )
    difference = table[policy] - table[against] if policy != against else 0.0 * table[policy]
    return difference.rename("difference").reset_index()


def mechanism_shares(
    run: RunFolder, firm: str = "tokyo_electron", policy: str | None = None
) -> pd.DataFrame:
    """Each mechanism's share of China's part of a firm's sales, by quarter.

    The experiment switches mechanisms on and off in every combination (``configs/
    chip_tools_mechanisms.yaml``). ``alone_off`` is what the share loses when one mechanism is left
    out; ``shapley`` the mean over all orders in which they are switched on, so that the shares and
    ``none`` (all off) add up to the whole. Columns ``period, mechanism, alone_off, shapley``.

    A run that is no factorial of switches has no rows.
    """
    names, values = _levels(run)
    if not names:
        return pd.DataFrame(columns=["period", "mechanism", "alone_off", "shapley"])
    shown = policy or run.policies[0]
    rows = run.sql(
        """SELECT scenario, date_trunc('quarter', month) AS period, avg(value) AS value
        FROM outcomes WHERE policy = $policy AND outcome = 'china_share'
            AND "group" = $group GROUP BY ALL ORDER BY period, scenario""",
        {"policy": run.require_policy(shown), "group": f"firm={firm}"},
    )
    table = rows.pivot_table(index="period", columns="scenario", values="value")
    corner = {values[k]: table[f"s{k:04d}"].to_numpy() for k in range(len(values))}
    whole, none = corner[(1.0,) * len(names)], corner[(0.0,) * len(names)]
    made = []
    for place, name in enumerate(names):
        off = tuple(0.0 if k == place else 1.0 for k in range(len(names)))
        share = _shapley(corner, place, len(names))
        made.append(pd.DataFrame({"period": table.index, "mechanism": name,
                                  "alone_off": whole - corner[off], "shapley": share}))  # fmt: skip
    made.append(pd.DataFrame({"period": table.index, "mechanism": "none", "alone_off": none,
                              "shapley": none}))  # fmt: skip
    return pd.concat(made, ignore_index=True)


def _levels(run: RunFolder) -> tuple[list[str], list[tuple[float, ...]]]:
    """Switches of the experiment and the corner of each scenario, in the order of its file."""
    path = run.path / "config.yaml"
    text = path.read_text("utf-8") if path.is_file() else "{}"
    config = YAML(typ="safe", pure=True).load(text)
    switches: dict[str, Any] = dict(config.get("uncertainties", {}))
    if any(levels != [0, 1] or name not in MECHANISMS for name, levels in switches.items()):
        return [], []
    return list(switches), list(product((0.0, 1.0), repeat=len(switches)))


def _shapley(corner: Mapping[tuple[float, ...], Floats], place: int, count: int) -> Floats:
    """Mean gain by one switch over all orders of switching on."""
    total = np.zeros_like(next(iter(corner.values())))
    for others in product((0.0, 1.0), repeat=count - 1):
        on = int(sum(others))
        weight = factorial(on) * factorial(count - 1 - on) / factorial(count)
        with_it = (*others[:place], 1.0, *others[place:])
        without = (*others[:place], 0.0, *others[place:])
        total = total + weight * (corner[with_it] - corner[without])
    return np.asarray(total)


def china_shares(both: Bands | None, days: pd.DataFrame, policy: str, against: str) -> go.Figure:
    """Draw China's part of makers' sales under two policies, with the days of the rules.

    ``both`` are the bands of ``china_share``; ``days`` is :func:`control_days`.
    """
    title = f"China's part of chip-tool sales: {policy}"
    if both is None:
        return empty(title, "This run holds no chip tools.")
    traces = []
    for number, firm in enumerate(leading(both.levels, MAKERS, "firm")):
        mine = both.levels[both.levels["firm"] == firm]
        other = both.base[both.base["firm"] == firm]
        colour = _COLOURS[number]
        traces += [
            _line(mine, colour, plain(firm), "solid"),
            _line(other, tint(colour, 0.55), f"{plain(firm)}, {against}", "dot"),
        ]
    figure = go.Figure(data=traces)
    for number, rule in enumerate(records(days)):
        figure.add_vline(x=rule.day, line={"color": RULE, "width": 1})
        figure.add_annotation(
            x=rule.day, y=0.03 + 0.035 * (number % 7), yref="paper", text=_rules_of(rule),
            showarrow=False, xanchor="left", font={"size": 10, "color": INK}, bgcolor="#FFFFFFAA",
        )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return _below(dressed(figure, title, f"medians over {both.pairs} runs; dotted: {against}"))


def _rules_of(rule: Any) -> str:
    """Name the rules of a day briefly."""
    more = f" +{rule.rules - 1}" if rule.rules > 1 else ""
    return f"{str(rule.title)[:30].rstrip()}{more}"


def _below(figure: go.Figure) -> go.Figure:
    """Put the legend under the axis, where long names do not run into the title."""
    figure.update_layout(legend={"y": -0.1, "yanchor": "top"})
    return figure


def _line(table: pd.DataFrame, colour: str, name: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": table["period"].tolist(),
        "y": table["median"].tolist(), "line": {"color": colour, "width": 2, "dash": dash},
        "hovertemplate": f"<b>{name}</b><br>%{{x|%b %Y}}: %{{y:.1%}}<extra></extra>",
    }  # fmt: skip


def orders_lost(
    lost: pd.DataFrame, waiting: pd.DataFrame, titles: Mapping[str, str], policy: str
) -> go.Figure:
    """Draw orders lost by rule and year, and what waits at the year's end.

    The tables are :func:`lost_orders`, :func:`waiting_orders` and :func:`rule_titles`.
    """
    title = f"Chip-tool orders lost and waiting: {policy}"
    if lost.empty:
        return empty(title, f"No rule refuses an order under {policy}.")
    size = lost.groupby("rule")["lost"].sum().sort_values(ascending=False)
    figure = go.Figure()
    for number, rule in enumerate(list(size.index)[:RULES]):
        rows = lost[lost["rule"] == rule]
        figure.add_bar(
            x=rows["year"], y=rows["lost"], name=str(titles.get(rule, plain(rule)))[:60],
            marker={"color": _COLOURS[number % len(_COLOURS)]},
            hovertext=[f"{plain(rule)} {r.year}: {money(r.lost)}" for r in records(rows)],
            hoverinfo="text",
        )  # fmt: skip
    figure.add_scatter(
        x=waiting["year"], y=waiting["waiting"], mode="lines+markers", name="waiting at year's end",
        line={"color": INK, "dash": "dash"},
    )  # fmt: skip
    figure.update_layout(barmode="stack")
    return _below(dressed(figure, title, "USD a year, mean over runs; lost: refused or taken back"))


def who_gains(table: pd.DataFrame, policy: str, against: str) -> go.Figure:
    """Draw what makers sell more or less in China than under another policy (:func:`gains`)."""
    title = f"Who gains in China: {policy} less {against}"
    if table.empty:
        return empty(title, "This run holds no chip tools.")
    size = table.groupby("who")["difference"].apply(lambda d: d.abs().sum())
    figure = go.Figure()
    for number, who in enumerate(list(size.sort_values(ascending=False).index)[: MAKERS + 1]):
        rows = table[table["who"] == who]
        figure.add_scatter(
            x=rows["year"], y=rows["difference"], mode="lines+markers", name=plain(str(who)),
            line={"color": _COLOURS[number], "width": 2},
            hovertext=[f"{plain(str(who))} {r.year}: {money(r.difference)}" for r in records(rows)],
            hoverinfo="text",
        )  # fmt: skip
    figure.add_hline(y=0, line={"color": BASELINE, "width": 1})
    return _below(dressed(figure, title, "USD a year, mean over runs"))


def localisation(both: Bands | None, policy: str, against: str) -> go.Figure:
    """Draw Chinese makers' part of purchases by buyer (bands of ``localisation_share``)."""
    title = f"Chinese tools in Chinese fabs: {policy}"
    if both is None:
        return empty(title, "This run holds no chip tools.")
    shown = leading(both.levels, 8, "customer")
    traces = [
        _line(both.levels[both.levels["customer"] == code], _COLOURS[number], plain(code), "solid")
        for number, code in enumerate(shown)
    ]
    mean = both.base.groupby("period")[["median"]].mean().reset_index()
    traces.append(_line(mean, BASELINE, f"mean, {against}", "dot"))
    figure = go.Figure(data=traces)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return _below(dressed(figure, title, "share of tool purchases, medians over runs"))


def hump(table: pd.DataFrame, firm: str) -> go.Figure:
    """Draw what made China's share, mechanism by mechanism (:func:`mechanism_shares`)."""
    title = f"What made China's part of the sales of {plain(firm)}"
    if table.empty:
        return empty(title, "Run configs/chip_tools_mechanisms.yaml and draw this of its run.")
    figure = go.Figure()
    names: Sequence[str] = ["none", *(n for n in MECHANISMS if n in set(table["mechanism"]))]
    for number, name in enumerate(names):
        rows = table[table["mechanism"] == name]
        label = "2017 share, no mechanism" if name == "none" else MECHANISMS[name]
        figure.add_bar(
            x=rows["period"], y=rows["shapley"], name=label,
            marker={"color": BASELINE if name == "none" else _COLOURS[number - 1]},
            hovertext=[f"{label}: {percent(r.shapley, 1)}" for r in records(rows)],
            hoverinfo="text",
        )  # fmt: skip
    figure.update_layout(barmode="relative")
    figure.update_yaxes(tickformat=".0%")
    note = f"mean over all orders of switching on; {short(float(len(names) - 1))} mechanisms"
    return _below(dressed(figure, title, note))
