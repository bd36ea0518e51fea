"""Every figure, once: `kyoten plot`, the app, the report and docs/figures.md are made from this.

A figure is an :class:`analysis.figure.Figure` in the ``FIGURES`` of a module below
:mod:`analysis.figures`, where it is found, of a file that an experiment names under ``extensions``,
or one that a file of your own registers.

>>> from analysis.catalogue import draw  # doctest: +SKIP
>>> held = OpenRun(open_run("runs/headline"))  # doctest: +SKIP
>>> draw(held, "production", values={"product": "cars"}).show()  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

import plotly.graph_objects as go

from analysis import figures as shipped_figures
from analysis.extensions import figures_in, figures_of
from analysis.figure import SECTIONS, Asked, Figure, Need, Section, Values
from analysis.open_run import OpenRun
from sim.errors import Fault, QueryError, nearest
from sim.extensions import ExtensionFile, told_at
from sim.results.run_folder.query import RunFolder
from sim.spelling import COUNTRY, PRODUCT, Spellings

SHOWN = 12
"""Values that a refusal tells."""

_REGISTERED: dict[str, Figure] = {}


@cache
def _shipped() -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for module in walk_packages(shipped_figures.__path__, f"{shipped_figures.__name__}."):
        for figure in getattr(import_module(module.name), "FIGURES", ()):
            found[figure.name] = figure
    return found


def figures(held: OpenRun | None = None) -> dict[str, Figure]:
    """Name -> figure, section by section: those that ship, those registered, those of the run."""
    every = {**_shipped(), **_REGISTERED}
    if held is not None:
        every |= figures_of(held, _shipped()).figures
    return {
        one.name: one
        for section in sections_of(every)
        for one in figures_in_section(section, every)
    }


def left_out(held: OpenRun) -> tuple[str, ...]:
    """What is told of the run's extension files whose figures cannot be drawn."""
    return figures_of(held, _shipped()).left_out


def check_figures(extensions: Iterable[ExtensionFile]) -> None:
    """Refuse figures of extension files that no page could show, before anything runs.

    Raises
    ------
    InputError
        Every mistake, with its line.
    """
    figures_in(extensions, _shipped())


def sections_of(every: Mapping[str, Figure]) -> list[Section]:
    """Sections of the figures in the order of the faces."""
    return list(dict.fromkeys((*SECTIONS, *(figure.section for figure in every.values()))))


def figures_in_section(section: Section, every: Mapping[str, Figure]) -> Iterator[Figure]:
    """Figures of a section."""
    return (figure for figure in every.values() if figure.section == section)


def register(figure: Figure) -> Figure:
    """Add a figure to every face; the same name may be registered anew, but not a shipped one.

    Raises
    ------
    QueryError
        A shipped figure has the name.
    """
    if figure.name in _shipped():
        wrong = f"there is a figure `{figure.name}` already"
        raise QueryError(Fault("", figure.name, wrong, "give yours another name"))
    _REGISTERED[figure.name] = figure
    return figure


def find(name: str, held: OpenRun | None = None) -> Figure:
    """Give the figure of a name, one that the run brings among them.

    Raises
    ------
    QueryError
        There is none; the nearest is told.
    """
    every = figures(held)
    if name not in every:
        raise QueryError(Fault("", "figure", f"there is no figure `{name}`", nearest(name, every)))
    return every[name]


def draw(
    held: OpenRun,
    name: str,
    policy: str | None = None,
    against: str | None = None,
    values: Values | None = None,
) -> go.Figure:
    """Draw the figure ``name`` of a run; what is not asked for is the usual (:func:`asked`)."""
    figure = find(name, held)
    return drawn(figure, asked(held, figure, policy, against, values))


def drawn(figure: Figure, asked: Asked) -> go.Figure:
    """Draw a figure; a mistake in a file of the run's experiment is told at its line."""
    with told_at([ExtensionFile(**one) for one in asked.run.manifest.extensions]):
        return figure.draw(asked)


def asked(
    held: OpenRun,
    figure: Figure,
    policy: str | None = None,
    against: str | None = None,
    values: Values | None = None,
) -> Asked:
    """Check what a figure is asked to show and fill in the rest.

    ``against`` is the run's baseline and ``policy`` the first other one, unless they are named.

    Raises
    ------
    QueryError
        A policy or value that the run lacks, or a key that the figure does not ask for: all of
        them at once, each with the values at hand and the nearest spelling.
    """
    run, given = held.run, {name: value for name, value in (values or {}).items() if value}
    other = against or run.baseline
    mine = policy or first_other(run, other)
    faults = [
        refused(run, "policy", name, run.policies)
        for name in dict.fromkeys((mine, other))
        if name not in run.policies
    ]
    names = [need.name for need in figure.needs]
    faults += [_not_asked(figure, name) for name in given if name not in names]
    told: dict[str, str] = {"policy": mine, "against": other}
    if not faults:
        for need in figure.needs:
            faults += _fill(held, need, given.get(need.name), told)
    if faults:
        raise QueryError(faults)
    return Asked(held, mine, other, told)


def _not_asked(figure: Figure, name: str) -> Fault:
    own = ", ".join(f"`{need.name}`" for need in figure.needs)
    cure = f"it asks for {own}" if own else "it asks for nothing but policies"
    return Fault("", name, f"`{figure.name}` does not ask for this", cure)


def _fill(held: OpenRun, need: Need, value: str | None, told: dict[str, str]) -> list[Fault]:
    """Put the value of a need among those told, or tell why it cannot be."""
    if any(name not in told for name in need.after):
        return []
    choices = held.once(("choices", need, choice_key(need, told)), lambda: need.choices(held, told))
    if value is None:
        first = choices[0][0] if choices else ""
        told[need.name] = need.usual(held, told) if need.usual else first
        return []
    offered = dict(choices)
    offered |= {one: offered.get(one, one) for one in (need.known(held) if need.known else ())}
    code, accepted = _code(value, offered), list(offered)
    if code not in accepted:
        return [refused(held.run, need.name, value, accepted)]
    told[need.name] = code
    return []


def _code(value: str, choices: Mapping[str, str]) -> str:
    """Value whose name, as people write it, is what was asked for, or that itself."""
    every = {**COUNTRY.names, **PRODUCT.names}
    return Spellings({c: (name, *every.get(c, ())) for c, name in choices.items()}).code(value)


def refused(run: RunFolder, key: str, value: str, accepted: Sequence[str]) -> Fault:
    """Tell that a run lacks a value, with the nearest spelling and the values at hand."""
    near, known = nearest(value, accepted), ", ".join(accepted[:SHOWN])
    more = ", ..." if len(accepted) > SHOWN else ""
    cure = near if near.startswith("known") else f"{near} known: {known}{more}"
    wrong = f"no such {key} in this run: `{value}`"
    return Fault(str(run.path), key, wrong, cure if accepted else "it has none")


def choice_key(need: Need, told: Values) -> str:
    """Values on which the choices of a need depend, joined by ``|``."""
    return "|".join(told[name] for name in need.after)


def first_other(run: RunFolder, against: str) -> str:
    """First policy of a run that is not ``against``; that itself where it is the only one."""
    return next((name for name in run.policies if name != against), against)
