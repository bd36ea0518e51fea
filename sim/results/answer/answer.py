"""What a policy does against another one: three sentences, totals and what could turn the sign."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sim.results.answer.assumptions import Leaning, assumptions
from sim.results.answer.drivers import driven
from sim.results.answer.measures import MEASURES, Measured, measured
from sim.results.answer.sentences import (
    Names,
    how_much,
    how_sure,
    on_assumptions,
    on_evidence,
    what_drives,
)
from sim.results.answer.speech import Sentence, Speech, quoted
from sim.results.answer.subject import Subject, subjects
from sim.results.answer.totals import Total
from sim.results.comparing.headline import last_whole_year
from sim.results.names import firm_names, policy_name
from sim.results.run_folder.query import RunFolder


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The answer of a run to one pair of policies.

    ``sentences`` are three (how much, from where to where and by whom; what drives it; how sure),
    or one where nothing of note differs; ``doubts`` say whether the direction survives the
    assumptions and on what evidence it rests; ``leanings`` how far the leading change leans on each
    parameter that varied, the most first. ``subjects`` are the changes worth telling, largest
    first.
    """

    policy: str
    against: str
    names: Names
    found: Measured
    subjects: tuple[Subject, ...]
    sentences: tuple[Sentence, ...]
    doubts: tuple[Sentence, ...]
    leanings: tuple[Leaning, ...] = ()

    def __str__(self) -> str:
        """Sentences and doubts, a line each."""
        return "\n".join(map(str, (*self.sentences, *self.doubts)))

    @property
    def year(self) -> int:
        """Calendar year that the totals are of."""
        return self.found.year

    @property
    def futures(self) -> int:
        """Paired runs behind every number."""
        return len(self.found.pairs)

    @property
    def totals(self) -> list[Total]:
        """Totals that change, in the order of :data:`MEASURES`, the largest change first."""
        found = [one for measure in MEASURES for one in self.found.of(measure)]
        return [one for one in found if one.differences.any()]

    def content(self) -> dict[str, Any]:
        """Give it as JSON can hold it."""
        return {
            "answer": [str(sentence) for sentence in self.sentences],
            "doubts": [str(sentence) for sentence in self.doubts],
            "policy": self.policy,
            "against": self.against,
            "year": self.year,
            "futures": self.futures,
            "totals": [total.row() for total in self.totals],
            "assumptions": [asdict(leaning) for leaning in self.leanings],
        }


def answer(
    run: RunFolder, policy: str, against: str | None = None, year: int | None = None
) -> Answer:
    """Answer what ``policy`` does against another one (the baseline) in ``year`` (the last whole).

    Raises
    ------
    QueryError
        An unknown policy, a year outside the run, or no run that both policies have finished.
    """
    other = run.baseline if against is None else against
    shown = last_whole_year(run) if year is None else run.require_year(year)
    found = measured(run, policy, other, shown)
    told = subjects(found)
    names = firm_names(run) | {name: policy_name(run, name) for name in (policy, other)}
    if not told:
        return Answer(policy, other, names, found, (), _nothing(found, names), ())
    lead = told[0].lead
    drivers = [(subject, driven(run, found, subject.lead)) for subject in told[:2]]
    assumed = assumptions(run, found, lead)
    sentences = (
        how_much(found, told, names, assumed.spread),
        what_drives(found, drivers),
        how_sure(told[0], assumed.spread),
    )
    doubts = [on_assumptions(assumed)]
    weak = on_evidence(run.lines, told[0])
    doubts += [weak] if weak else []
    return Answer(
        policy, other, names, found, tuple(told), sentences, tuple(doubts), assumed.leanings
    )


def _nothing(found: Measured, names: Names) -> tuple[Sentence, ...]:
    """The one sentence where no change is worth telling."""
    speech = Speech()
    pair = f"{quoted(names[found.policy])} and {quoted(names[found.against])}"
    runs = speech.count(len(found.pairs))
    apart = [one for one in found.totals if one.differences.any()]
    if not apart:
        text = f"{pair} do not differ by {found.year}: not in one of {runs} futures"
        return (speech.end(f"{text}, neither in moves nor in output, duty, profit or licences."),)
    largest = max((one for one in apart if one.base), key=_relative, default=apart[0])
    text = f"{pair} hardly differ by {found.year} ({runs} futures): no output of a place changes by"
    text += " a five-thousandth of the world's"
    text += f"; the largest change is {speech.amount(largest)} of {MEASURES[largest.measure]}"
    return (speech.end(f"{text}."),)


def _relative(total: Total) -> float:
    return abs(total.difference / total.base)
