"""Parts of the documents that are made from the code: ``python -m tests.generated`` renews them.

A part stands in a Markdown file between ``<!-- NAME -->`` and ``<!-- end -->``;
:mod:`tests.test_docs` fails with the difference when one is stale.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlparse

ROOT = Path(__file__).resolve().parent.parent

ROOMS = (
    "sim/data", "sim/law", "sim/world", "sim/decisions", "sim/network", "sim/engine",
    "sim/results", "sim/experiments", "analysis", "sim/cli",
)  # fmt: skip
"""Rooms from the bottom to the roof; each may import only those before it."""

ROOF = ("notebook",)
"""Modules of `sim` that stand above all rooms, beside the command line."""


def first_line(path: Path) -> str:
    """First line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return plain(docstring.splitlines()[0]) if docstring else ""


def plain(text: str) -> str:
    """Text without the marks of docstrings: a reference becomes the name that it refers to."""
    return re.sub(r":\w+:`~?([^`]*)`", r"`\1`", text).replace("``", "`")


def floor_plan() -> str:
    """Every room with its sentence, its modules and its alcoves, bottom to top."""
    lines = ["```text"]
    ground = [
        path for path in sorted((ROOT / "sim").glob("*.py")) if path.stem not in ("__init__", *ROOF)
    ]
    lines += [f"{'sim/' + path.name:<18}{first_line(path)}" for path in ground]
    for room in ROOMS:
        folder = ROOT / room
        lines += ["", f"{room + '/':<18}{first_line(folder / '__init__.py')}"]
        names = [path.stem for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
        lines += wrapped(names)
        lines += [
            f"  {path.parent.name + '/':<16}{first_line(path)}"
            for path in sorted(folder.glob("*/__init__.py"))
        ]
    roof = [ROOT / "sim" / f"{name}.py" for name in ROOF]
    lines += ["", *(f"{'sim/' + path.name:<18}{first_line(path)}" for path in roof)]
    return "\n".join([*lines, "```"])


def wrapped(names: list[str], width: int = 80) -> list[str]:
    """Names in lines, indented under the sentence of their room."""
    lines, line = [], ""
    for name in names:
        if line and len(line) + 1 + len(name) > width:
            lines.append(line)
            line = ""
        line = f"{line} {name}" if line else name
    return [f"{'':<18}{line}" for line in [*lines, line] if line]


def phase_table() -> str:
    """The month, phase by phase, with what mechanisms do before and after each."""
    from sim.engine.mechanisms import hooks_of
    from sim.engine.phases import PHASES

    rows = ["| | phase | what happens | kernels |", "|---|---|---|---|"]
    for n, phase in enumerate(PHASES, start=1):
        joined = {
            when: [
                f"| | mechanism `{name}`, {when} `{phase.name}` | {plain(hook.description)} | |"
                for name, hook in hooks_of(phase.name)
                if hook.when == when
            ]
            for when in ("before", "after")
        }
        what = plain(phase.description)
        own = f"| {n} | {phase.title} (`{phase.name}`) | {what} | `{phase.kernel}` |"
        rows += [*joined["before"], own, *joined["after"]]
    return "\n".join(rows)


def command_table() -> str:
    """Every command with its sentence."""
    from importlib import import_module

    from typer.main import get_command

    from sim.cli.main import available

    rows = ["| command | what it does |", "|---|---|"]
    for name, module in available().items():
        command = get_command(import_module(module).app)
        rows.append(f"| `kyoten {name}` | {(command.help or '').splitlines()[0]} |")
    return "\n".join(rows)


def key_table() -> str:
    """Keys of an experiment file with their default and meaning."""
    from sim.experiments.spec.config import ExperimentConfig

    schema = ExperimentConfig.model_json_schema()
    rows = ["| key | default | meaning |", "|---|---|---|"]
    for key, content in schema["properties"].items():
        needed = key in schema.get("required", ())
        default = "required" if needed else shown_default(content.get("default"))
        rows.append(f"| `{key}` | {default} | {content.get('description', '')} |")
    return "\n".join(rows)


def reform_table() -> str:
    """Operations of a reform with the keys of each."""
    from sim.law.reforms import schema as reforms
    from sim.law.reforms.schema import Selection

    rows = ["| op | what it does | its own keys |", "|---|---|---|"]
    for model in vars(reforms).values():
        fields = getattr(model, "model_fields", {})
        if "op" in fields:
            shared = Selection.model_fields if issubclass(model, Selection) else ("start", "end")
            own = [key for key in fields if key not in {"op", *shared}]
            sentence = plain((model.__doc__ or "").splitlines()[0])
            keys = ", ".join(f"`{key}`" for key in own)
            rows.append(f"| `{model.__name__.lower()}` | {sentence} | {keys} |")
    return "\n".join(rows)


def experiment_table() -> str:
    """Experiments that ship, with their question."""
    from sim.experiments.spec.reading import load_config

    rows = ["| file | question |", "|---|---|"]
    folder = ROOT / "configs"
    rows += [
        f"| [`{path.name}`]({path.relative_to(folder)}) | {load_config(path).description} |"
        for path in (*sorted(folder.glob("*.yaml")), *sorted(folder.glob("experiments/*.yaml")))
    ]
    return "\n".join(rows)


def shipped_table() -> str:
    """Reforms that ship with Kyoten."""
    from ruamel.yaml import YAML

    from sim.experiments.spec.policy import days_of, days_told
    from sim.law.reforms.schema import named_reforms, seed_reforms

    rows = ["| name | days | what it does |", "|---|---|---|"]
    for name, path in seed_reforms().items():
        text = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        days = days_told(days_of(named_reforms(name)))
        rows.append(f"| `{name}` | {days} | {text.get('description') or text['title']} |")
    return "\n".join(rows)


def control_table() -> str:
    """Reforms of export control that ship with Kyoten."""
    from sim.experiments.spec.policy import days_of, days_told
    from sim.law.controls import load_reform, shipped_reforms

    rows = ["| name | days | what it does |", "|---|---|---|"]
    for name in shipped_reforms():
        reform = load_reform(name)
        days = days_told(days_of((reform,)))
        rows.append(f"| `{name}` | {days} | {reform.note.strip() or reform.title} |")
    return "\n".join(rows)


def shown_default(value: object) -> str:
    """A default as a cell."""
    return "" if value in (None, "", {}) or isinstance(value, dict) else f"`{value}`"


def result_tables() -> str:
    """Every result table with its columns."""
    from sim.table import KEYS
    from sim.tables import TABLES

    blocks = []
    for table in TABLES.values():
        rows = [f"### `{table.name}`", "", "| column | type | meaning |", "|---|---|---|"]
        rows += [
            f"| `{column.name}` | {column.type} | {column.description} |"
            for column in table.columns[len(KEYS) :]
        ]
        blocks.append("\n".join(rows))
    return "\n\n".join(blocks)


def outcome_table() -> str:
    """Every reduced outcome with its unit and the keys of its groups."""
    from sim.engine.outcomes import OUTCOMES

    rows = [
        "| outcome | unit | kind | a year's value | told apart by | meaning |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| `{one.name}` | {one.unit} | {one.kind} | {one.unit_of('year')}, {one.year_is}"
        f" | {', '.join(one.keys)} | {one.description} |"
        for one in OUTCOMES
    ]
    return "\n".join(rows)


def figure_table() -> str:
    """Every figure with what it asks for and where it is shown."""
    from analysis.catalogue import figures

    rows = [
        "| figure | shows | options | tab of the app | in the report |",
        "|---|---|---|---|---|",
    ]
    captions = [
        "| figure | unit | band | method | equation | rests on |",
        "|---|---|---|---|---|---|",
    ]
    for one in figures().values():
        options = ", ".join(f"`--{need.name}`" for need in one.needs)
        tab = "" if one.app is None else one.section.tab
        report = "" if one.report is None else "yes"
        rows.append(f"| `{one.name}` | {one.shows} | {options} | {tab} | {report} |")
        told = one.caption
        assert told, f"{one.name} ships without a caption"
        equation = f"{told.equation.text} ([there]({told.equation.told_in}))"
        words = (told.unit, told.band, told.method, equation, told.sources)
        captions.append(f"| `{one.name}` | {' | '.join(words)} |")
    return "\n".join([*rows, "", *captions])


FIRST_DOUBTS = (
    "theta_slice", "theta", "discount", "decision_probability", "hazard_section_301",
    "ambiguity_aversion", "agglomeration", "capital_budget_share", "own_affiliate_odds",
    "imitation",
)  # fmt: skip
"""Parameters of the choice where plants go, to doubt before others."""


def doubt_table() -> str:
    """Those parameters with what they mean and their range."""
    from sim.world.parameter_table import load_parameters

    found = {one.name: one for one in load_parameters() if one.scope == "all"}
    rows = ["| key | meaning | value | range | unit | evidence |", "|---|---|---|---|---|---|"]
    for name in FIRST_DOUBTS:
        one = found[name]
        within = f"{one.low:g} to {one.high:g}"
        cells = (f"`{name}`", one.note, f"{one.value:g}", within, one.unit, one.evidence)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "README.md": {"floor plan": floor_plan, "phases": phase_table, "commands": command_table},
    "configs/README.md": {
        "experiments": experiment_table,
        "keys": key_table,
        "reforms": reform_table,
        "shipped reforms": shipped_table,
        "shipped control reforms": control_table,
    },
    "docs/figures.md": {"figures": figure_table},
    "docs/questions/which_assumptions.md": {"first doubts": doubt_table},
    "docs/results.md": {"tables": result_tables, "outcomes": outcome_table},
}
"""Document -> its generated parts."""


def renewed(text: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """``text`` with every part made anew.

    Raises
    ------
    ValueError
        The document lacks a part's marks.
    """
    for name, make in parts.items():
        block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not block.search(text):
            raise ValueError(f"no part `{name}`: add `<!-- {name} -->` and `<!-- end -->`")
        made = make()
        text = block.sub(lambda marks, made=made: f"{marks[1]}{made}\n{marks[2]}", text)
    return text


def renew_sources() -> None:
    """Rewrite the list of sources from the tables; a new one is named by its host."""
    data = ROOT / "sim" / "data"
    path = data / "sources.csv"
    with path.open(encoding="utf-8", newline="") as file:
        names = {row["source_url"]: row["publisher"] for row in csv.DictReader(file)}
    used: dict[str, Counter[str]] = {}
    for table in sorted([*(data / "world").glob("*.csv"), *(data / "targets").glob("*.csv")]):
        place = f"{table.parent.name}/{table.stem}"
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for url in (row.get("source_url"), row.get("source")):
                    if url and (url == row.get("source_url") or table.parent.name == "targets"):
                        used.setdefault(url, Counter())[place] += 1
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("source_url", "publisher", "tables", "rows"))
        for url in sorted(used, key=lambda url: (url != "declared", url)):
            host = urlparse(url).netloc.removeprefix("www.")
            places = ";".join(sorted(used[url]))
            out.writerow((url, names.get(url, host), places, used[url].total()))


def main() -> None:
    """Rewrite every document, and the list of sources."""
    renew_sources()
    for name, parts in PARTS.items():
        path = ROOT / name
        path.write_text(renewed(path.read_text(encoding="utf-8"), parts), encoding="utf-8")
        print(f"renewed {name}")  # noqa: T201 - a command says what it did


if __name__ == "__main__":
    main()
