"""What a notebook does with an experiment: run it, open its folder, ask, compare and draw.

>>> import sim
>>> run = sim.run("configs/quick.yaml", out="runs/quick")  # doctest: +SKIP
>>> run.compare("as_enacted", outcome="output").yearly  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pandas as pd

from analysis.open_run import OpenRun
from sim.experiments.running.batch import run_experiment
from sim.experiments.running.folder import Say
from sim.experiments.running.progress import Progress
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.reading import load_config
from sim.results.answer.answer import Answer, answer
from sim.results.comparing.compare import Comparison, compare
from sim.results.exporting.export import export as write
from sim.results.exporting.spreads import chosen
from sim.results.reasons.overview import Overview, overview
from sim.results.reasons.stayed import Staying, stayed
from sim.results.reasons.why import Why, why
from sim.results.run_folder import query
from sim.results.run_folder.manifest import Manifest
from sim.results.run_folder.query import RunFolder

if TYPE_CHECKING:
    import plotly.graph_objects as go


def run(
    config: str | Path | ExperimentConfig,
    out: str | Path,
    *,
    workers: int | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Run:
    """Run an experiment, a file or what :func:`sim.load_config` gave, and open its folder ``out``.

    A finished experiment is opened as it is. ``workers`` processes work on it (as many as
    processors); a script that starts more than one needs ``if __name__ == "__main__":``.

    Raises
    ------
    InputError
        The file, the data or the law are wrong, or ``out`` holds something else, or this
        experiment unfinished and ``resume`` was not asked for.
    RunError
        The disk is full or a worker died: finished chunks are kept.
    """
    wanted = config if isinstance(config, ExperimentConfig) else load_config(config)
    run_experiment(wanted, out, workers=workers, resume=resume, progress=progress, say=say)
    return open_run(out)


def open_run(folder: str | Path) -> Run:
    """Open the folder of an experiment for reading; an unfinished one shows its finished chunks.

    Raises
    ------
    QueryError
        No run is there, it has no finished chunk yet, or a stored file is damaged.
    """
    return Run(query.open_run(folder))


class Run:
    """An experiment's results, read-only. Use it in a ``with`` block or close it when done.

    ``folder`` is the same run as the rest of the package reads it.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._held = OpenRun(folder)

    @property
    def manifest(self) -> Manifest:
        """What the run rests on: experiment, months, seed, digests of data, law and code."""
        return self.folder.manifest

    @property
    def policies(self) -> tuple[str, ...]:
        """Policies in the order of the configuration."""
        return self.folder.policies

    @property
    def baseline(self) -> str:
        """The policy that others are compared with unless another is named."""
        return self.folder.baseline

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its tables; ``docs/results.md`` tells their columns."""
        return tuple(self.folder.files)

    @property
    def scenarios(self) -> pd.DataFrame:
        """Parameters that each scenario sets: one row a scenario, one column a parameter key."""
        return self.folder.scenarios

    def table(self, name: str, **equal: object) -> pd.DataFrame:
        """Rows of a table; ``policy="a"`` or ``country=("VN", "TH")`` keep only those rows.

        Raises QueryError for a table or column that is not there.
        """
        return self.folder.table(name, **equal)

    def sql(self, query: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """Rows of one SQL query over the tables; values go in as ``$name``.

        Raises QueryError with DuckDB's own words.
        """
        return self.folder.sql(query, parameters)

    def outcomes(self, outcome: str, **equal: object) -> pd.DataFrame:
        """Rows of one outcome, narrowed as in :meth:`table`.

        Raises QueryError for an outcome that is none.
        """
        name = self.folder.require_outcome(outcome).name
        return self.folder.table("outcomes", outcome=name, **equal)

    def relocations(self, **equal: object) -> pd.DataFrame:
        """Every move of a plant with its drivers, narrowed as in :meth:`table`."""
        return self.folder.table("relocations", **equal)

    def answer(
        self, policy: str | None = None, against: str | None = None, year: int | None = None
    ) -> Answer:
        """What a policy does against another in three sentences, with its doubts and totals.

        Policies as in :meth:`compare`; ``year`` is the last whole one unless named. ``print`` shows
        the words, ``.content()`` all of it as JSON can hold it. Raises QueryError.
        """
        return answer(self.folder, policy or self._judged(against), against, year)

    def compare(
        self, policy: str | None = None, against: str | None = None, outcome: str | None = None
    ) -> Comparison:
        """``policy`` less ``against`` over common random numbers, with both spreads.

        Left out, ``policy`` is the first that is not the baseline, ``against`` the baseline and
        ``outcome`` every one. Raises QueryError for a name that the run does not hold.
        """
        return compare(self.folder, policy or self._judged(against), against, outcome)

    def why(
        self, firm: str | None = None, policy: str | None = None, against: str | None = None
    ) -> Why | Overview:
        """What a policy changes in a firm's moves and by which rule; without ``firm``, in which.

        Its ``paragraphs()`` tell it, its ``content()`` is what ``kyoten why --json`` prints.
        Policies as in :meth:`compare`. Raises QueryError for a firm that the run does not hold.
        """
        judged = policy or self._judged(against)
        if firm is None:
            return overview(self.folder, judged, against)
        return why(self.folder, firm, judged, against)

    def stayed(self, firm: str, product: str | None = None, policy: str | None = None) -> Staying:
        """Why work of a firm that could have moved did not; told like :meth:`why`.

        Raises QueryError for a name that the run does not hold, and where no run is in detail.
        """
        return stayed(self.folder, firm, policy or self._judged(None), product)

    def figure(
        self,
        name: str,
        policy: str | None = None,
        against: str | None = None,
        **values: str | int,
    ) -> go.Figure:
        """Draw a figure of ``docs/figures.md``: ``run.figure("production", product="cars")``.

        Policies as in :meth:`compare`; ``values`` answer what the figure asks for. Raises
        QueryError for a figure, policy or value that is not there, with those at hand.
        """
        from analysis.catalogue import draw  # noqa: PLC0415 - Plotly: only who draws waits for it

        asked = {key: str(value) for key, value in values.items()}
        return draw(self._held, name, policy, against, asked)

    def save(
        self,
        name: str,
        path: str | Path,
        policy: str | None = None,
        against: str | None = None,
        *,
        paper: float | None = None,
        **values: str | int,
    ) -> Path:
        """Write a figure into ``path``: HTML, Plotly JSON, PNG, SVG or PDF, as the ending says.

        ``paper`` is the width in mm of a figure for a paper; the rest as in :meth:`figure`. Its
        source and how to make it again stand below it. Raises InputError for what
        :meth:`figure` refuses, for another ending, and where no browser is for a picture.
        """
        from analysis.catalogue import asked, find  # noqa: PLC0415 - Plotly: as in `figure`
        from analysis.pictures.figure_file import write_figure  # noqa: PLC0415 - same

        figure = find(name, self._held)
        given = {key: str(value) for key, value in values.items()}
        write_figure(figure, asked(self._held, figure, policy, against, given), path, paper)
        return Path(path)

    def export(
        self,
        path: str | Path,
        outcomes: Sequence[str] | None = None,
        policies: Sequence[str] | None = None,
        against: str | None = None,
        *,
        every: str = "year",
        form: str | None = None,
    ) -> Path:
        """Write outcomes into a CSV, Excel or Parquet file, as the ending says.

        With ``against`` they are differences. ``form`` is ``iamc``, which pyam reads and which is
        usual, or ``table``: a row an outcome, group and year (``every="month"``: month). Raises
        InputError for a name that the run does not hold, another ending or form.
        """
        write(chosen(self.folder, outcomes, policies, against, every), path, form)
        return Path(path)

    def _judged(self, against: str | None) -> str:
        """The policy that is meant where none is named: the first that is not compared with."""
        other = against or self.baseline
        return next((policy for policy in self.policies if policy != other), other)

    def close(self) -> None:
        """Let go of the files."""
        self.folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        told = self.manifest
        return (
            f"<Run of {told.experiment}: {told.runs} runs of {', '.join(told.policies)}, "
            f"{told.first_month[:7]} to {told.last_month[:7]}>"
        )
