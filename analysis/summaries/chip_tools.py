"""Tables of chip tools under export control: days of rules, orders lost, gains, mechanisms.

The modules of :mod:`analysis.figures.chip_tools` draw them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import factorial
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from analysis.summaries.outcomes import Bands, bands
from sim.arrays import Floats
from sim.results.comparing.chip_tools import TOGETHER, makers_by_sales, sells_tools
from sim.results.names import customer_names, firm_names
from sim.results.run_folder.query import RunFolder

HUMP = 2023
"""Fiscal year (from April) in which Chinese purchases stood highest on record."""
CHINESE, US = "Chinese makers", "US makers: orders that went to Japanese ones"
AUTHORITIES: Mapping[str, str] = {"US": "US", "JP": "Japan"}
"""Authorities whose rules figures mark."""
MECHANISMS: Mapping[str, str] = {
    "billings_on": "Demand: growth that no control makes",
    "stock_on": "Stocks of buyers",
    "diversion_on": "Orders diverted from US makers",
    "japan_list_on": "Japan's own list",
    "localisation_on": "Localisation",
}
"""Switch of ``parameters.csv`` -> what it stands for, in the order of the report."""
_OWN_RULES: Mapping[str, str] = {"cn_content": "China's rule on rare earths in foreign items"}
"""Reasons for a loss that are no rule of the law's tables."""


def tool_makers(run: RunFolder) -> dict[str, str]:
    """Makers of chip tools by falling sales: id to name."""
    names = firm_names(run)
    return {code: names.get(code, code) for code in makers_by_sales(run)}


def tool_buyers(run: RunFolder) -> dict[str, str]:
    """Buyers of chip tools: id to name."""
    return customer_names(run)


def rule_titles(run: RunFolder, policy: str) -> dict[str, str]:
    """Title of every rule of export control under a policy, by id."""
    told = run.controls.get(run.require_policy(policy), {})
    return {**_OWN_RULES, **{rule: str(content["title"]) for rule, content in told.items()}}


def control_days(run: RunFolder, policy: str) -> pd.DataFrame:
    """Days on which US and Japanese rules on goods started.

    Columns ``day, who, title, rules``: the authorities, the first rule's title, and how many.
    """
    told = run.controls.get(run.require_policy(policy), {})
    first, last = run.manifest.first_month, run.manifest.last_month
    days: dict[str, list[tuple[str, str]]] = {}
    for content in told.values():
        if content["kind"] == "person_limit" or content["authority"] not in AUTHORITIES:
            continue
        who = AUTHORITIES[content["authority"]]
        for start, _ in content["windows"]:
            if start and first <= start <= last:
                days.setdefault(start, []).append((who, str(content["title"])))
    rows = [
        (
            pd.Timestamp(day),
            " and ".join(sorted({who for who, _ in rules}, reverse=True)),
            rules[0][1],
            len(rules),
        )
        for day, rules in sorted(days.items())
    ]
    return pd.DataFrame(rows, columns=["day", "who", "title", "rules"])


def tool_bands(run: RunFolder, outcome: str, policy: str, against: str) -> Bands | None:
    """Bands of an outcome of chip tools; None where the run holds none of them."""
    held = run.sql("SELECT 1 FROM outcomes WHERE outcome = $name LIMIT 1", {"name": outcome})
    return None if held.empty else bands(run, outcome, policy, against)


def lost_orders(run: RunFolder, policy: str) -> pd.DataFrame:
    """Orders refused or withdrawn, USD: mean over runs, columns ``rule, year, lost``."""
    return run.sql(
        """SELECT rule, year(month) AS year,
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
    """Yearly sales in China, USD, less those under another policy; means over runs.

    Columns ``year, who, kind, difference``. ``kind`` is ``maker`` (a Japanese one, by name),
    ``together`` (all of them), ``chinese``, or ``us``: what US makers lost to Japanese ones, the
    orders that came over with the sign turned. What else they were denied no outcome holds.
    """
    rows = run.sql(
        """SELECT policy, year(month) AS year, outcome AS kind, firm AS who,
            sum(value) / count(DISTINCT (scenario, replication)) AS value
        FROM outcomes WHERE policy IN ($policy, $against)
            AND (outcome IN ('chinese_tools_usd', 'diverted_usd')
            OR (outcome = 'tool_sales_usd' AND country = 'CN'))
        GROUP BY ALL ORDER BY year, who""",
        {"policy": run.require_policy(policy), "against": run.require_policy(against)},
    )
    if rows.empty or not (rows["kind"] == "tool_sales_usd").any():
        return pd.DataFrame(columns=["year", "who", "kind", "difference"])
    sold = rows["kind"] == "tool_sales_usd"
    whole = rows[sold].assign(kind="together", who=TOGETHER)
    makers = rows[sold].assign(kind="maker", who=rows["who"].map(tool_makers(run)))
    chinese = rows[rows["kind"] == "chinese_tools_usd"].assign(kind="chinese", who=CHINESE)
    lost = rows[rows["kind"] == "diverted_usd"].assign(kind="us", who=US)
    every = pd.concat([chinese, whole, lost.assign(value=-lost["value"]), makers])
    table = every.pivot_table(
        index=["year", "kind", "who"],
        columns="policy",
        values="value",
        aggfunc="sum",
        fill_value=0.0,
    ).reindex(columns=sorted({policy, against}), fill_value=0.0)
    return (table[policy] - table[against]).rename("difference").reset_index()


def mechanism_shares(
    run: RunFolder, firm: str = "tokyo_electron", policy: str | None = None
) -> pd.DataFrame:
    """Each mechanism's share of China's part of a firm's sales, by quarter.

    The experiment switches mechanisms on and off in every combination (``configs/
    chip_tools_mechanisms.yaml``). ``alone_off`` is what the share loses when one mechanism is left
    out; ``shapley`` the mean over all orders in which they are switched on, so that the shares and
    ``none`` (all off) add up to the whole. Columns ``period, mechanism, alone_off, shapley``.

    A run that is no factorial of switches, or an unfinished one, has no rows.
    """
    names, values = _levels(run)
    if not names:
        return pd.DataFrame(columns=["period", "mechanism", "alone_off", "shapley"])
    shown = policy or run.policies[0]
    rows = run.sql(
        """SELECT scenario, date_trunc('quarter', month) AS period, avg(value) AS value
        FROM outcomes WHERE policy = $policy AND outcome = 'china_share'
            AND firm = $firm GROUP BY ALL ORDER BY period, scenario""",
        {"policy": run.require_policy(shown), "firm": firm},
    )
    table = rows.pivot_table(index="period", columns="scenario", values="value")
    if any(f"s{k:04d}" not in table for k in range(len(values))):
        return pd.DataFrame(columns=["period", "mechanism", "alone_off", "shapley"])
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


def has_mechanisms(run: RunFolder) -> bool:
    """Whether the run sells chip tools and switches mechanisms on and off in every combination."""
    return sells_tools(run) and not mechanism_shares(run).empty


def has_plain_tools(run: RunFolder) -> bool:
    """Whether the run sells chip tools with all mechanisms on: others mix the combinations."""
    return sells_tools(run) and mechanism_shares(run).empty


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


def hump_shares(table: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """Mean of :func:`mechanism_shares` over a fiscal year (April to March), and its name.

    That is fiscal 2023, or where it is not in the run the whole fiscal year with the greatest
    share; the whole run where it has none. Columns ``mechanism, alone_off, shapley``.
    """
    fiscal = (table["period"] - pd.DateOffset(months=3)).dt.year
    counted = table.groupby([fiscal, "mechanism"])["shapley"].agg(["size", "sum"])
    whole = counted[counted["size"] == 4]["sum"].groupby(level=0).sum()
    columns = ["mechanism", "alone_off", "shapley"]
    if whole.empty:
        return "all quarters", table[columns].groupby("mechanism").mean().reset_index()
    year = (
        HUMP if HUMP in whole.index else int(whole.index[int(whole.round(9).to_numpy().argmax())])
    )
    mean = table.loc[fiscal == year, columns].groupby("mechanism").mean().reset_index()
    return f"April {year} to March {year + 1}", mean
