"""Which law a command asks: the one that ships, with folders laid over it and reforms made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    from sim.experiments.spec.config import ExperimentConfig
    from sim.law.law import Law

AS_ENACTED = "as_enacted"

Laws = Annotated[
    list[str] | None,
    typer.Option(
        "--law",
        metavar="DIR|REFORM",
        help="A folder laid over the law, a reform or its file; may be given again.",
    ),
]
Overlays = Annotated[
    list[Path] | None,
    typer.Option("--law", metavar="DIR", help="A folder laid over the law; may be given again."),
]


Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Experiment file of --policy."),
]
Policy = Annotated[
    str | None, typer.Option("--policy", help="Policy of --config: the law as its runs have it.")
]


def law_of(
    words: Sequence[str | Path], config: Path | None = None, policy: str | None = None
) -> Law:
    """The law with the folders among ``words`` laid over it, then the reforms among them made.

    With an experiment file the law is first made that of its policy, as a run would make it.
    """
    from sim.law.law import load_law
    from sim.law.reforms.edits import apply_reforms
    from sim.law.reforms.schema import named_reforms

    overlays = [Path(word) for word in words if Path(word).is_dir()]
    if experiment := experiment_of(config, policy, overlays):
        overlays = list(experiment.law_overlays)
    law = load_law(overlays)
    if experiment and policy:
        law = apply_reforms(law, experiment.reforms(policy))
    for word in words:
        if str(word) != AS_ENACTED and not Path(word).is_dir():
            law = apply_reforms(law, named_reforms(str(word), overlays))
    return law


def experiment_of(
    config: Path | None, policy: str | None, overlays: Sequence[Path]
) -> ExperimentConfig | None:
    """The experiment whose policy is asked, folders laid over its law; None where none is named.

    Raises
    ------
    InputError
        The file is wrong, or the one of file and policy that is given wants the other.
    """
    from sim.errors import Fault, InputError
    from sim.experiments.spec.reading import load_config

    if config is None:
        if policy is not None:
            raise InputError(
                Fault("", "--policy", "needs an experiment file", "give --config FILE")
            )
        return None
    experiment = load_config(config, law=overlays)
    if policy is None:
        names = ", ".join(experiment.policies)
        raise InputError(Fault("", "--config", "needs a policy", f"give --policy: {names}"))
    _refuse_unknown(policy, config, experiment)
    return experiment


def _refuse_unknown(policy: str, config: Path, experiment: ExperimentConfig) -> None:
    from sim.errors import Fault, InputError, nearest

    if policy not in experiment.policies:
        cure = nearest(policy, experiment.policies)
        raise InputError(Fault(str(config), policy, "no such policy in this file", cure))


def compared(
    words: tuple[str, str], laid: Sequence[Path], config: Path | None, policy: str | None
) -> tuple[Law, Law]:
    """Two laws: each a policy of an experiment file, else what :func:`law_of` makes of the word.

    A word that is a policy means the policy, also where a reform has the same name.

    Raises
    ------
    InputError
        A policy is named apart: it goes with two days.
    """
    from sim.errors import Fault, InputError
    from sim.experiments.spec.reading import load_config

    if policy is not None:
        wrong, cure = "goes with two days", "name the policy in the place of A or B"
        raise InputError(Fault("", "--policy", wrong, cure))
    policies = load_config(config, law=laid).policies if config else {}
    first, second = (
        law_of(laid, config, word) if word in policies else law_of([*laid, word]) for word in words
    )
    return first, second


def day(text: str) -> date:
    """A day as the user wrote it; a LawError when it is none."""
    from sim.errors import Fault, LawError

    written = written_day(text)
    if written is None:
        raise LawError(Fault("", "date", f"`{text}` is not a date", "write YYYY-MM-DD"))
    return written


def written_day(text: str) -> date | None:
    """The day that ``text`` is, or None."""
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
