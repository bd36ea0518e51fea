"""What a figure is: its name, what it shows, what it asks for, and how it is drawn from a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import plotly.graph_objects as go

from analysis.open_run import OpenRun
from analysis.style import as_text
from sim.results.names import policy_name
from sim.results.run_folder.query import RunFolder

Values = Mapping[str, str]
"""Name of a need -> its value; ``policy`` and ``against`` are always there."""
Choices = list[tuple[str, str]]
"""Values that can be asked for, each with its name for a reader."""


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """One thing that a figure must be told beside the policy and the one it is compared with.

    ``choices`` offers values, given those of the needs named in ``after``; ``usual`` is the value
    where none is asked for, the first choice unless told; ``known`` gives the values that are
    accepted, where they are more than those that are offered.
    """

    name: str
    label: str
    help: str
    choices: Callable[[OpenRun, Values], Choices]
    usual: Callable[[OpenRun, Values], str] | None = None
    known: Callable[[OpenRun], Sequence[str]] | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """An open run and everything that a figure was asked to show of it, checked."""

    held: OpenRun
    policy: str
    against: str
    values: Values

    def __getitem__(self, need: Need) -> str:
        """Value of a need."""
        return self.values[need.name]

    @property
    def run(self) -> RunFolder:
        """The run's folder."""
        return self.held.run

    @property
    def names(self) -> tuple[str, str]:
        """Titles of the policy and of the other one, as text of a figure."""
        return policy_title(self.run, self.policy), policy_title(self.run, self.against)


def policy_title(run: RunFolder, policy: str) -> str:
    """Title of a policy as text of a figure."""
    return as_text(policy_name(run, policy))


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together: a tab of the app, a part of the report."""

    key: str
    tab: str
    heading: str


ANSWER = Section("answer", "Answer", "The answer")
MOVES = Section("moves", "Moves", "What moved")
TOOLS = Section("tools", "Chip tools", "Chip tools under export control")
MAP = Section("map", "Map", "From where to where, year by year")
WHY = Section("why", "Reasons", "Why")
PRODUCTION = Section("production", "Production", "What is made where")
OUTCOMES = Section("outcomes", "Outcomes", "Outcomes")
FIRM = Section("firm", "Firm", "Firms")
DUTIES = Section("duties", "Duties", "Duties")
GRAPH = Section("graph", "Trade graph", "Who supplies whom")
SECTIONS = (ANSWER, MOVES, TOOLS, MAP, WHY, PRODUCTION, OUTCOMES, FIRM, DUTIES, GRAPH)
"""Sections in the order of the faces; one that is not here stands behind them."""


class Layout(StrEnum):
    """How the app lays a figure out."""

    ONCE = "once"
    """Once: it tells both policies."""
    BOTH = "both"
    """For each policy, one below the other."""
    BESIDE = "beside"
    """For each policy, side by side."""


RANGE = "range of futures: 8 in 10 single runs (10-90 %)"
"""Name of a band over single runs, as every figure tells it."""
NO_BAND = "none: mean over runs"


@dataclass(frozen=True, slots=True)
class Equation:
    """An equation as a document writes it: ``told_in`` is a file below ``docs`` with an anchor."""

    text: str
    told_in: str


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands beside a figure: how it is to be read and what is behind it.

    ``sources`` says on which tables of the run and which records the figure rests.
    """

    unit: str
    band: str
    method: str
    equation: Equation
    sources: str


def _always(_: OpenRun) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    ``draw`` gives it from what was asked for. ``app`` and ``report`` hold the needs that these
    faces answer by themselves (the others become select boxes) or are None where the figure is not
    shown there, an empty value is the usual one; ``has`` tells whether a run has what it shows,
    else both leave it out. ``caption`` is what stands beside it: every figure that ships has one,
    without one a page says that the figure is by the user's file.
    ``narrowest_mm`` is the least width on paper at which its words keep apart.
    """

    name: str
    shows: str
    section: Section
    draw: Callable[[Asked], go.Figure]
    needs: tuple[Need, ...] = ()
    layout: Layout = Layout.ONCE
    app: Values | None = field(default_factory=dict)
    report: Values | None = None
    has: Callable[[OpenRun], bool] = _always
    narrowest_mm: float = 60.0
    caption: Caption | None = None
