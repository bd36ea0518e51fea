"""Joint ventures in the reference, where pencil and paper suffice (section 9 of docs/model.md)."""

from __future__ import annotations

import dataclasses

import pytest

from tests.reference import books, tiny
from tests.reference.model import ReferenceModel


def model(place: str, share: float, **changes: float) -> ReferenceModel:
    """The tiny world; the carmaker has this share in what it does in a place."""
    world = tiny.world(12, **changes)
    equity = world.equity_share.copy()
    equity[0, tiny.C[place]] = share
    world = dataclasses.replace(world, equity_share=equity)
    return ReferenceModel(world, tiny.duties(12), seed=1)


@pytest.mark.parametrize(("place", "made"), [("CN", 700e3), ("MX", 210e3)])
def test_the_partner_has_its_part_of_the_margin_on_what_the_venture_makes(
    place: str, made: float
) -> None:
    firms = []
    for share in (1.0, 0.6):
        run = model(place, share)
        run.step()
        firms.append(run.records[0].firms["aoi"])
    margin = made / 12 * 25e3 * run.world.parameters["base_margin"][0]
    assert firms[0].profit_usd - firms[1].profit_usd == pytest.approx(0.4 * margin)
    assert firms[0].revenue_usd == firms[1].revenue_usd


def test_the_partner_has_its_part_of_what_the_market_pays_above_base() -> None:
    """At prices a tenth higher an importer earns a tenth of what customers paid at base."""
    earned = []
    for share in (1.0, 0.6):
        run = model("CN", share)
        run.step()
        line = next(firm for firm in run.agents if firm.name == "aoi").lines[0]
        line.outlets[tiny.C["CN"]].price = 1.1
        earned.append(books.profit(line, run.law, run.macro, 1.0))
    paid = (700e3 + 1.04 * 20e3) / 12 * 25e3
    margin = 700e3 / 12 * line.price * line.par.base_margin
    assert earned[0] - earned[1] == pytest.approx(0.4 * (margin + 0.1 * paid))


def test_the_partner_pays_its_part_of_an_expansion_and_of_a_closure() -> None:
    run = model("CN", 0.6, decision_probability=1.0)
    run.step()
    firm = next(firm for firm in run.agents if firm.name == "aoi")
    line = firm.lines[0]
    plant = line.plants[tiny.C["CN"]]
    firm.budget, firm.cash = 1e12, 0.0
    plant.capacity_value = 1e6
    firm.expand(line, plant)
    whole = line.par.expand_sunk * line.price * plant.lump_yearly
    assert firm.budget == pytest.approx(1e12 - 0.6 * whole)
    assert sum(firm.instalments.values()) == pytest.approx(0.6 * whole)
    assert run.events[-1].sunk_cost_usd == pytest.approx(whole)
    plant.idle_months = 1000
    assert firm.end_idleness(line, plant)
    assert run.events[-1].kind in ("close", "mothball")
    assert firm.cash == pytest.approx(-0.6 * run.events[-1].sunk_cost_usd)
