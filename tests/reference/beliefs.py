"""Sections 1 and 2 of docs/model.md: the duty of a route, and the duty that is expected."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.axes import COUNTRIES, LEGAL_BASES
from sim.law.origin.content import Sourcing
from sim.law.origin.earning import earned_by
from sim.world.world import World
from tests.reference.rows import Line, Plant, Route

STAGES = ("ordered", "proposed", "said")
CARS = ("cars", "cars_large", "cars_bev", "light_trucks")
"""The note gives the credit to those who assemble these."""
NODES = [(float(x), float(w)) for x, w in zip(*np.polynomial.laguerre.laggauss(24), strict=True)]


@cache
def lasting(age_years: float, lead_years: float, hazard: float, cv: float, k: float) -> float:
    """w(n, L): share of a permanent benefit that a duty of this age gives after the lead."""
    a = 1 / cv**2
    b = a / hazard + age_years
    return sum(weight * (b / (b + lead_years + x / k)) ** a for x, weight in NODES)


@dataclass
class Law:
    """The duties of one month as routes see them."""

    world: World
    duty: Any
    month: int = 0

    def cell(self, line: Line, route: Route) -> tuple[int, int, int, int]:
        """Month, importer, exporter, product."""
        return self.month, route.outlet.j, route.plant.i, line.k

    def claim(self, line: Line, route: Route) -> float:
        """g: the share that claims a preference, 0 in a month in which no agreement grants it."""
        i, j, on = route.plant.i, route.outlet.j, self.world.months[self.month]
        asks = float(self.world.preference_share[line.n, i, j])
        place, importer, par = COUNTRIES[i], COUNTRIES[j], line.par
        if asks == 0.0:
            return 0.0
        parts = par.parts_share * (1 - par.base_margin)
        bought = dict.fromkeys(("CN", "JP", "US", place), 0.0)
        for supplier, share in zip(("CN", "JP", place), route.plant.first_sources, strict=True):
            bought[supplier] += share
        if place in ("MX", "CA"):
            american = min(bought[place], par.us_content / parts)
            bought[place] -= american
            bought["US"] += american
        sourcing = Sourcing(1 - parts, parts, bought)
        granted = any(
            earned_by(one, line.product, place, importer, sourcing, on)
            for one in self.duty.agreements
            if {place, importer} <= dict(one.members).keys()
        )
        return asks if granted else 0.0

    def set_duty(self, line: Line, route: Route) -> None:
        """tau_e, and X_eb by basis."""
        route.claim = self.claim(line, route)
        at, g = self.cell(line, route), route.claim
        extra = [float(v) for v in self.duty.extra[at]]
        claimed = [float(v) for v in self.duty.extra_claimed[at]]
        relief = float(self.duty.content_weight[at]) * line.par.us_content
        relief *= float(self.world.content_relief[self.month])
        route.duty = g * (float(self.duty.preference[at]) + sum(claimed) - relief) + (1 - g) * (
            float(self.duty.mfn[at]) + sum(extra)
        )
        route.basis_duty = tuple(g * c + (1 - g) * x for c, x in zip(claimed, extra, strict=True))

    def alarm(self, line: Line, plant: Plant) -> None:
        """The fear of further acts: it fades, and new acts against any route raise it."""
        rise = 0.0
        for route in plant.routes:
            announced = self.duty.announced[self.cell(line, route)]
            feared = tuple(
                duty + (1 - route.claim) * float(rate)
                for duty, rate in zip(route.basis_duty, announced, strict=True)
            )
            if self.month > 0:
                steps = zip(feared, route.feared, strict=True)
                rise = max(rise, sum(max(0.0, now - before) for now, before in steps))
            route.feared = feared
        plant.alarm = plant.alarm * 0.5 ** (1 / line.par.alarm_half_life_months) + rise

    def waiting(self, line: Line, route: Route) -> list[tuple[float, int, float]]:
        """Announced duties that wait for a route: the part that pays, months, probability."""
        at = self.cell(line, route)
        return [
            (
                (1 - route.claim) * float(rate),
                int(self.duty.announced_months[at][b]),
                self.enforcement(line.par, b, int(self.duty.announced_stage[at][b])),
            )
            for b, rate in enumerate(self.duty.announced[at])
            if rate != 0
        ]

    def age_years(self, line: Line, route: Route, b: int) -> float:
        """Years that a basis has been in force on a route."""
        return float(self.duty.age_months[self.cell(line, route)][b]) / 12

    def prior(self, par: SimpleNamespace, stage: int) -> tuple[float, float]:
        """Counts of the prior for what has come so far: carried out, not carried out."""
        word = STAGES[stage]
        return float(getattr(par, f"{word}_prior_yes")), float(getattr(par, f"{word}_prior_no"))

    def enforcement(self, par: SimpleNamespace, b: int, stage: int) -> float:
        """pi_sb: belief that an announced instrument is carried out."""
        carried = float(self.duty.carried_count[self.month, stage, b])
        announced = float(self.duty.announced_count[self.month, stage, b])
        yes, no = self.prior(par, stage)
        return (yes + carried) / (yes + no + announced)

    def leaning(self, par: SimpleNamespace, b: int, stage: int, lean: int) -> float:
        """pi_sb, moved against a move by the deviation of the belief."""
        sure = self.enforcement(par, b, stage)
        cases = float(self.duty.announced_count[self.month, stage, b]) + sum(self.prior(par, stage))
        deviation = math.sqrt(sure * (1 - sure) / (cases + 1))
        return min(1.0, max(0.0, sure + lean * par.ambiguity_aversion * deviation))

    def expected(self, line: Line, route: Route, lead_months: float, lean: int = 0) -> float:
        """E_e(L): the duty that a decision with this lead reckons with.

        ``lean`` is -1 for the place that is left, 1 for the place that is gone to.
        """
        at, par, g = self.cell(line, route), line.par, route.claim
        total = g * float(self.duty.preference[at]) + (1 - g) * float(self.duty.mfn[at])
        for b, rate in enumerate(route.basis_duty):
            if rate != 0:
                total += rate * weight(par, b, self.age_years(line, route, b), lead_months)
            announced = float(self.duty.announced[at][b])
            if announced != 0 and self.duty.announced_months[at][b] <= max(
                lead_months, round(line.par.act_within_months)
            ):
                sure = self.leaning(par, b, int(self.duty.announced_stage[at][b]), lean)
                sure *= weight(par, b, 0.0, lead_months)
                total += (1 - g) * sure * announced
        return total

    def learning_hurdle(self, line: Line, high: Route, low: Route, lead_months: float) -> float:
        """Hpol: mean of H_b over bases, weighted with the advantage that rests on each."""
        top = bottom = 0.0
        for b, rate in enumerate(high.basis_duty):
            age = self.age_years(line, high, b)
            advantage = max(0.0, rate - low.basis_duty[b]) * weight(line.par, b, age, lead_months)
            if advantage > 0:
                top += advantage * basis_hurdle(line.par, b, age, lead_months)
                bottom += advantage
        return top / bottom if bottom > 0 else 1.0


def hazard_of(par: SimpleNamespace, b: int) -> float:
    """Prior mean hazard of removal of a basis, a year."""
    return float(getattr(par, f"hazard_{LEGAL_BASES[b]}"))


def weight(par: SimpleNamespace, b: int, age_years: float, lead_months: float) -> float:
    """w_b(n, L) with the lead in months."""
    k = par.discount + par.depreciation
    return lasting(age_years, lead_months / 12, hazard_of(par, b), par.hazard_cv, k)


def basis_hurdle(par: SimpleNamespace, b: int, age_years: float, lead_months: float) -> float:
    """H_b: what waiting would teach about a basis."""
    later = weight(par, b, age_years + 1 / 12, lead_months)
    g = 12 * math.log(later / weight(par, b, age_years, lead_months))
    a = 1 / par.hazard_cv**2
    h = a / (a / hazard_of(par, b) + age_years)
    return (par.discount + h) / (par.discount + h - g)


def diffusion_hurdle(par: SimpleNamespace) -> float:
    """Hdiff = beta / (beta - 1)."""
    beta = 0.5 + math.sqrt(0.25 + 2 * par.discount / par.diffusion_sigma**2)
    return beta / (beta - 1)
