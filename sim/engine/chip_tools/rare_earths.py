"""China's rule on Chinese rare earths in foreign tools: what it takes from each route."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.engine.chip_tools.state import Tools


def content_loss(tools: Tools, month: int) -> Floats:
    """Part of orders that the rule is expected to take on each route, float64[tool_routes, R]."""
    rows, terms, laws = tools.rows, tools.terms, tools.controls.laws
    if not any(law.china[month].any() for law in laws):
        return np.zeros((len(rows.route), len(tools.view.law)))
    floors = np.array([law.earths for law in laws])[tools.view.law]
    band = (terms["rare_earth_share"][:, None] >= floors).sum(axis=1)
    codes = np.stack([law.china[month] for law in laws])
    chosen = codes[tools.view.law][:, rows.route_origin, rows.route_market]
    code = np.take_along_axis(chosen, band[:, None, None], axis=2)[..., 0].T
    return np.asarray(1.0 - np.take_along_axis(terms.approve_china, code.astype(np.int64), axis=0))


def content_spared(tools: Tools, month: int, share: Floats) -> Floats:
    """Part of an outlet's orders that the rule lets pass, float64[O, R]."""
    rows = tools.rows
    spared = np.ones((len(rows.outlet), share.shape[1]))
    if any(law.china[month].any() for law in tools.controls.laws):
        lost = content_loss(tools, month) * share[rows.route]
        np.subtract.at(spared, rows.route_outlet, lost)
    return spared
