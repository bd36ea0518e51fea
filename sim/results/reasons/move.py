"""One kind of move of a firm, as two policies have it, told in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from sim.results.answer.speech import quoted
from sim.results.numbers import count, money
from sim.results.reasons.export_rule import ExportRule
from sim.results.reasons.instruments import Rule
from sim.results.reasons.not_taken import NotTaken
from sim.results.reasons.not_taken import told as of_not_taken
from sim.results.reasons.public_money import PublicMoney
from sim.results.reasons.standing_duty import StandingDuty
from sim.results.reasons.wording import act, by_drivers, futures, takes_effect

Change = Literal[
    "gained", "lost", "more", "fewer", "larger", "smaller", "earlier", "later", "same"
]  # fmt: skip
CHANGES: tuple[Change, ...] = get_args(Change)
"""What a policy does to a kind of move, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Move:
    """One kind of move of a firm under ``policy``, and under ``against``.

    Months, size, worth and drivers are those of ``told_of``: ``against`` where the move is lost or
    gets rarer or smaller, ``policy`` otherwise. A future's decisions of this kind are added up;
    size, outlay, worth and drivers are means over the futures that have any. ``announced`` is the
    median month of decision, ``months_later`` how much later it is decided under ``policy``, None
    where no future has it under both. ``value_usd`` is USD a year over staying, the sum of
    ``drivers``. ``rules`` are the duties behind it that differ between the two,
    ``not_taken`` the best options that it was preferred to under ``told_of``.
    """

    change: Change
    policy: str
    against: str
    told_of: str
    firm: str
    firm_name: str
    product: str
    from_country: str
    to_country: str
    market: str
    kind: str
    partner: str
    reason: str
    futures: int
    futures_against: int
    all_futures: int
    announced: str
    earliest: str
    latest: str
    operating: str
    months_later: float | None
    units: float
    units_change: float
    sunk_cost_usd: float
    value_usd: float
    drivers: Mapping[str, float]
    rules: tuple[Rule, ...] = ()
    export_rule: ExportRule | None = None
    """The rule of export control that most of its decisions name, where controls count."""
    public_money: PublicMoney | None = None
    """The act that most of its decisions name, where subsidies count."""
    standing_duty: StandingDuty | None = None
    """The measure that most of its decisions name, where duty counts and differs in no rate."""
    not_taken: tuple[NotTaken, ...] = ()

    def row(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Give the move as a JSON object, its words included; ``names``: policy -> its title."""
        return asdict(self) | {"text": self.sentence(names)}

    def act(self) -> str:
        """What the firm does, without its name."""
        return act(self.parts)

    @property
    def parts(self) -> dict[str, str]:
        """What :mod:`sim.results.reasons.wording` needs to tell it."""
        return {name: str(getattr(self, name)) for name in _ACT}

    def sentence(self, names: Mapping[str, str]) -> str:
        """Tell it: what, how often under each, when, how large, why and by which rule."""
        told = [f"{self.firm_name} {self.act()} {self._how_often(names)}.", self._when_and_size()]
        told.append(f"{self._worth()}.")
        if self.rules:
            told.append(f"Behind the duty: {'; '.join(one.words(names) for one in self.rules)}.")
        elif self.standing_duty is not None:
            told.append(f"Behind the duty: {self.standing_duty.words()}.")
        if self.export_rule is not None:
            told.append(f"Behind the controls: {self.export_rule.words()}.")
        if self.public_money is not None:
            told.append(f"Behind the subsidies: {self.public_money.words()}.")
        if self.not_taken:
            told.append(of_not_taken(self.not_taken))
        return " ".join(told)

    def _how_often(self, names: Mapping[str, str]) -> str:
        under, other = (quoted(names[name]) for name in (self.policy, self.against))
        often = f"{futures(self.futures, self.all_futures)} under {under}"
        if self.change == "same":
            return futures(self.futures, self.all_futures)
        if self.futures == self.futures_against:
            often = f"{futures(self.futures, self.all_futures)} under both"
        else:
            less = "none" if not self.futures_against else f"{self.futures_against}"
            often += f", in {less} under {other}"
        return f"{often}{self._shift(other)}"

    def _shift(self, other: str) -> str:
        """How the policy shifts it in time or changes its size."""
        if self.change in ("earlier", "later") and self.months_later:
            months = round(abs(self.months_later))
            month = "month" if months == 1 else "months"
            return f", {months} {month} {self.change} than under {other}"
        if self.change in ("larger", "smaller"):
            size = count(abs(self.units_change), self.product)
            less = "more" if self.change == "larger" else "less"
            return f", {size} a year {less} on average than under {other}"
        return ""

    def _when_and_size(self) -> str:
        when = f"Decided {self.announced[:7]}"
        if self.earliest[:7] != self.latest[:7]:
            when += f" ({self.earliest[:7]} to {self.latest[:7]})"
        size = f"{count(self.units, self.product)} a year"
        outlay = f", outlay {money(self.sunk_cost_usd)}" if self.sunk_cost_usd else ""
        return f"{when}, {takes_effect(self.kind, self.operating)}: {size}{outlay}."

    def _worth(self) -> str:
        parts = by_drivers(self.drivers)
        return f"Worth {money(self.value_usd)} a year more than staying" + (
            f": {parts}" if parts else ""
        )


_ACT = ("kind", "product", "from_country", "to_country", "market", "partner")
