"""The plausible run with chip tools in it; under `tariff` two makers sell more, and orders wait."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from sim.meanings import Group
from sim.results.run_folder.store import chunk_name, write_chunk
from sim.tables import TABLES
from tests.plausible import frames
from tests.results.conftest import MONTHS, POLICIES, write_run

LANES = tuple(("base", replication) for replication in range(4))
RULES = {
    "us_end_use": {"title": "Any item for a facility that makes chips of an advanced node",
                   "authority": "US", "kind": "end_use",
                   "windows": [["2018-05-07", None], ["2015-01-01", "2016-01-01"]]},
    "jp_list": {"title": "A list", "authority": "JP", "kind": "export_list",
                "windows": [["2018-05-07", None]]},
    "us_persons": {"title": "Persons", "authority": "US", "kind": "person_limit",
                   "windows": [["2018-06-01", None]]},
}  # fmt: skip
"""Two rules on goods start on one day, one on persons on another."""


def monthly(policy: str) -> dict[tuple[str, Group], float]:
    """Outcome and group to its value in every month of a policy."""
    hit = float(policy == "tariff")
    values = {
        ("chinese_tools_usd", Group(customer="smic")): 1e8 + 5e7 * hit,
        ("localisation_share", Group(customer="smic")): 0.1 + 0.05 * hit,
        ("chinese_tools_usd", Group(customer="cxmt")): 5e7,
        ("localisation_share", Group(customer="cxmt")): 0.2,
        ("lost_by_rule_usd", Group(rule="jp_list")): 1e6 * hit,
        ("lost_by_rule_usd", Group(rule="cn_content")): 1e3 * hit,
        ("diverted_usd", Group(firm="canon")): 2e6 * hit,
        ("denied_usd", Group(firm="canon")): 1e6 * hit,
        ("turned_away_usd", Group(firm="canon")): 0.0,
        ("backlog_usd", Group(firm="canon")): 5e6 * hit,
    }
    for firm, size in (("canon", 1.0), ("brother", 0.1)):
        china = (1e8 + 1e8 * hit) * size
        values["tool_sales_usd", Group(firm=firm, country="CN")] = china
        values["tool_sales_usd", Group(firm=firm, country="TW")] = 9e8 * size
        values["china_share", Group(firm=firm)] = china / (china + 9e8 * size)
    return values


def write_tool_run(folder: Path) -> Path:
    """Write the run into a folder; every replication has the same tools."""
    write_run(folder)
    for number, policy in enumerate(POLICIES):
        lanes = [(policy, *lane) for lane in LANES]
        content = frames(lanes, MONTHS, detail=2)
        rows = [
            {"experiment": "plausible", "policy": policy, "scenario": scenario,
             "replication": replication, "month": pd.Timestamp(month), "outcome": outcome,
             "value": value, **group._asdict()}
            for scenario, replication in LANES
            for month in MONTHS
            for (outcome, group), value in monthly(policy).items()
        ]  # fmt: skip
        content["outcomes"] = pd.concat(
            [content["outcomes"].astype(dict.fromkeys(("policy", "outcome", *Group._fields), str)),
             pd.DataFrame(rows)], ignore_index=True,
        )[list(TABLES["outcomes"].names)]  # fmt: skip
        write_chunk(folder, chunk_name(number), lanes, content)
    (folder / "law.json").write_text("{}")
    (folder / "controls.json").write_text(json.dumps({"tariff": RULES, "base": {}}))
    return folder
