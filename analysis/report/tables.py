"""Tables of the report: moves by sector, what left China, policies and manifest, as HTML."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from analysis.pages import Column, fragment, table
from analysis.report.totals import PRECISION_HINT, long_table
from analysis.style import EVIDENCE_NAMES, place, plain, product_name
from analysis.summaries.outcomes import only, records
from sim.results.names import policy_name
from sim.results.numbers import percent, short
from sim.results.run_folder.query import RunFolder

_PLACES = (("VN", "Vietnam"), ("TH", "Thailand"), ("elsewhere", "Elsewhere"), ("all", "All"))

_LEFT_PARTS = {
    "from_china": "From China",
    "diverted_VN": "Vietnam",
    "diverted_TH": "Thailand",
    "diverted_JP": "Japan",
    "diverted_US": "United States",
    "diverted_elsewhere": "Elsewhere",
    "lost": "In all",
    "china_output": "China's output",
    "china_content": "Chinese content",
}


def interval(value: float, low: float, high: float, least: float = 0.5) -> Markup:
    """Write a signed mean with its interval, or alone where one run leaves none.

    Numbers below ``least`` (half a vehicle, half a dollar) are rounding and shown as 0.
    """
    value, low, high = (0.0 if abs(number) < least else number for number in (value, low, high))
    mean = short(value, signed=True)
    if math.isnan(low) or math.isnan(high):
        return escape(mean)
    if value == low == high == 0.0:
        return escape("0")
    first, last = (short(bound, signed=True) for bound in (low, high))
    if first.partition(" ")[2] == last.partition(" ")[2]:
        first = first.partition(" ")[0]
    return fragment("interval", value=mean, low=first, high=last)


def sectors_table(moves: pd.DataFrame, year: int, policy: str, against: str) -> Markup:
    """Moves out of China by sector, with the evidence grade of each sector's base data."""
    columns = [
        Column("Sector"),
        *(Column(name, True) for _, name in _PLACES),
        Column(f"All, minus {against}", True, f"mean difference; below it {PRECISION_HINT}"),
        Column("Decisions in a run", True, "mean difference in decisions to move"),
        Column("Made in China in 2017", True),
        Column("Share moved", True, "all moved, of what was made in China in 2017"),
        Column("Evidence", hint="weakest grade that carries weight in the base data"),
    ]
    caption = (
        f"Production moved out of China and in force at the end of {year} under {policy}: "
        "yearly output, mean over runs, in USD at 2017 prices unless vehicles are "
        "told. Below a difference: precision of the mean"
    )
    whole = only(moves, destination="all")
    share = (whole["level"] / whole["china_base_units"]).fillna(0.0)
    order = whole.loc[share.sort_values(ascending=False, kind="stable").index, "product"]
    changed = set(moves.loc[(moves["level"] > 0) | (moves["difference"] != 0), "product"])
    rows = [_answer_row(only(moves, product=product)) for product in order if product in changed]
    return long_table(caption, columns, rows, "wide")


def _answer_row(moves: pd.DataFrame) -> list[object]:
    at = {row.destination: row for row in records(moves)}
    whole = at["all"]
    made = float(whole.china_base_units)
    share = percent(whole.level / made) if made > 0 else ""
    grade = fragment("grade", grade=whole.evidence, shares=whole.evidence_shares)
    return [
        _counted(whole.product, whole.unit),
        *(short(at[code].level) for code, _ in _PLACES),
        interval(whole.difference, whole.low, whole.high),
        interval(whole.decisions, whole.decisions_low, whole.decisions_high, 0.005),
        short(made),
        share,
        grade,
    ]


def _counted(product: str, unit: str) -> str:
    """Name of a product, with its unit where it is not the usual one."""
    name = product_name(product)
    return f"{name} (vehicles)" if unit == "vehicles" else name


def left_china_table(left: pd.DataFrame, year: int, against: str) -> Markup:
    """What became of China's supply to the US, told apart; empty where it is the same."""
    rows = []
    for product in left["product"].unique():
        parts = {r.part: r for r in records(only(left, product=product))}
        if all(abs(parts[name].difference) < 0.5 for name in _LEFT_PARTS):
            continue
        cells = [
            interval(parts[name].difference, parts[name].low, parts[name].high)
            for name in _LEFT_PARTS
        ]
        rows.append([_counted(product, parts["lost"].unit), *cells])
    if not rows:
        return Markup("")
    columns = [Column("Sector"), *(Column(name, True) for name in _LEFT_PARTS.values())]
    caption = (
        f"Supply to the US in {year} by place of making, minus that under {against}: what left "
        "China was made elsewhere, or not supplied at all; USD at 2017 prices unless vehicles are "
        "told. Below a difference: precision of the mean"
    )
    return long_table(caption, columns, rows, "wide dense")


def policies_table(run: RunFolder, chosen: Iterable[str]) -> Markup:
    """Write each policy with what it changes in the law."""
    config = run.manifest.config.get("policies", {})
    rows = []
    for policy in chosen:
        note = " (compared with)" if policy == run.baseline else ""
        rows.append(
            [
                policy_name(run, policy) + note,
                _changes(config.get(policy, {})),
                fragment("code", text=policy),
            ]
        )
    columns = [Column("Policy"), Column("What it changes in the law"), Column("Name in files")]
    return table("Policies", columns, rows)


def _changes(policy: Mapping[str, Any]) -> str:
    parts = [f"extends {policy['extends']}"] if policy.get("extends") else []
    parts += [plain(str(name)) for name in policy.get("use") or ()]
    parts += [reform_words(reform) for reform in policy.get("reforms") or ()]
    return "; ".join(parts) or "nothing: the law as enacted"


_MEASURES = ("agreement", "instrument", "group", "basis", "kind", "id")
_LANES = (
    ("importer", "charged by"),
    ("exporters", "on goods from"),
    ("products", "on"),
    ("to", "to"),
    ("except_products", "except"),
)
_DATES = (("start", "from"), ("end", "until"), ("until", "to"))


def reform_words(reform: Mapping[str, Any]) -> str:
    """Tell one edit of the law in words: what is done to which measures, where and when."""
    if "changes" in reform:
        until = f" until {reform['end']}" if reform.get("end") else ""
        return f"export control: {reform['title']}, from {reform['start']}{until}"
    told = {key: value for key, value in reform.items() if value not in (None, "", [], ())}
    words = [str(told.pop("op", "change"))]
    words += [_words(told.pop(key)) for key in _MEASURES if key in told] or ["duties"]
    words += [f"{word} {_words(told.pop(key))}" for key, word in _LANES if key in told]
    if "rate" in told:
        words.append(f"at {percent(float(told.pop('rate'))).replace('.0 ', ' ')}")
    words += [f"{word} {told.pop(key)}" for key, word in _DATES if key in told]
    words += [f"({plain(key)} {_words(value)})" for key, value in told.items()]
    return " ".join(words)


def _words(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_words(item) for item in value)
    if isinstance(value, Mapping):
        return " ".join(f"{plain(str(key))} {_words(item)}" for key, item in value.items())
    return place(str(value)) if str(value).isupper() else plain(str(value))


def manifest_facts(run: RunFolder) -> Markup:
    """Seed, versions and hashes, so that the run can be made again."""
    told = run.manifest
    git = told.git
    commit = "none" if git is None else f"{git['commit']}{' with changes' if git['dirty'] else ''}"
    facts = {
        "Experiment": told.experiment,
        "Status": told.status,
        "Seed": told.seed,
        "Runs": f"{told.runs} ({len(told.policies)} policies, {told.scenarios} scenarios, "
        f"{told.replications} replications)",
        "Months": f"{told.first_month[:7]} to {told.last_month[:7]}",
        "Wall time": f"{told.seconds:,.0f} s",
        "Started": told.started,
        "Commit": commit,
        "Configuration, SHA-256": told.identity.config_sha256,
        **{
            f"{part.capitalize()} that ships, SHA-256 (as kyoten --version prints)": digest
            for part, digest in told.editions.items()
        },
        "All data and what is laid over them, SHA-256": told.identity.data_sha256,
        "Code, SHA-256": told.identity.code_sha256,
        **{f"Law of {n}, reforms made, SHA-256": d for n, d in told.identity.law_sha256.items()},
        "Versions": ", ".join(f"{n} {v}" for n, v in told.identity.versions.items()),
        "Processors": "; ".join(told.processors),
    }
    return fragment("facts", facts=facts)


def evidence_facts() -> Markup:
    """What the grades of evidence mean, strongest first."""
    return fragment("facts", facts=EVIDENCE_NAMES)


def config_text(run: RunFolder) -> str:
    """Write the resolved configuration."""
    return json.dumps(run.manifest.config, indent=2, ensure_ascii=False)
