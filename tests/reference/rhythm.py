"""Section 8 of docs/model.md, Rhythm: the chance that a review decides on programmes."""

from __future__ import annotations

from tests.reference.rows import Line, Slice
from tests.reference.scene import Scene


def chance_to_decide(line: Line, scene: Scene) -> float:
    """nu before it is cut off at 1: models at their change, the firm's year, alarm, imitation."""
    par = line.par
    chance = par.decision_probability
    if par.model_life_months > 0:
        models = sum(q.yearly / line.programme(q) for q in line.slices)
        chance = min(1, models * par.review_months / max(par.model_life_months, par.review_months))
    alarm = max((q.route.plant.alarm * dependence(q) for q in line.slices), default=0.0)
    copied = 1 + par.imitation * scene.industry.imitated(line, scene.month)
    return float(chance * of_the_year(line, scene) * (1 + par.shock_review * alarm) * copied)


def dependence(q: Slice) -> float:
    """Part of a market's supply that came from one place in the base year."""
    return q.yearly / (12 * q.route.outlet.base_demand)


def of_the_year(line: Line, scene: Scene) -> float:
    """Weight of the review in the firm's year: more where its fiscal year begins."""
    step = line.par.review_months
    reviews = 12 / step
    weight = min(line.par.plan_review_weight, reviews)
    since = (scene.month % 12 + 1 - line.fiscal_year_start) % 12
    if since < step:
        return float(weight)
    return float((reviews - weight) / (reviews - 1)) if reviews > 1 else 1.0
