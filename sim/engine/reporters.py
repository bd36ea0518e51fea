"""What a model on its Mesa face reports of every month: a few figures for `mesa.batch_run`.

They are sums over arrays that are there anyhow, so that a step costs no more. Money is real 2017
USD; outcomes by product, place and firm are in :attr:`sim.engine.model.RelocationModel.outcomes`.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.engine.lane_model import LaneModel


def month(model: LaneModel) -> str:
    """Month that was closed, ``YYYY-MM``."""
    return f"{model.month:%Y-%m}"


def output_usd(model: LaneModel) -> float:
    """Output of all plants at base prices."""
    s = model.simulation
    return float(s.base.price[s.layout.plant_line] @ s.month.output[:, model.lane])


def duty_usd(model: LaneModel) -> float:
    """Duty due on what arrived, as governments collect it."""
    return float(model.simulation.closed_books.duty[:, model.lane].sum())


def operating_profit_usd(model: LaneModel) -> float:
    """Operating profit of all firms, of joint ventures the firms' share."""
    return float(model.simulation.closed_books.profit[:, model.lane].sum())


def relocations(model: LaneModel) -> int:
    """Decisions to move, build, close or restart since the first month."""
    return model.simulation.events.lane.count(model.lane)


REPORTERS: dict[str, Callable[[LaneModel], object]] = {
    one.__name__: one for one in (month, output_usd, duty_usd, operating_profit_usd, relocations)
}
"""Name of a reporter -> what it reports of the month closed last."""
