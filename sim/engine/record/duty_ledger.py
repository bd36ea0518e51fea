"""The duty ledger of one lane: goods, parts for assembly and service parts, by legal basis.

Beside what the firm pays itself it holds what it bears of its local suppliers' duty.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.arrays import Floats, Ints
from sim.axes import BASIS_INDEX, COUNTRIES, COUNTRY_INDEX, LEGAL_BASES, PRODUCTS
from sim.engine.record.grouping import Grouping, country_codes, firm_codes, group_rows
from sim.engine.simulation import Simulation
from sim.engine.steps.ledger import SEGMENT_OF

Sheets = Mapping[str, Floats]

CONTENT_RELIEF, OUTPUT_CREDIT = "content_relief", "output_credit"
SUPPLIER_SUPPORT = "supplier_support"
_BASES = ("mfn", *LEGAL_BASES)
_SUPPLIERS = ("CN", "JP")
_SECTION_232 = 1 + BASIS_INDEX["section_232"]


class DutyLedger:
    """Groups of the ledger's rows; built once for a block."""

    def __init__(self, s: Simulation) -> None:
        layout = s.layout
        self._goods = _groups(
            s, layout.route_line, layout.route_origin, layout.route_market, s.world.product_of_line
        )
        parts = s.world.parts_product_of_line
        self._parts = [
            _groups(
                s,
                layout.plant_line,
                np.full(len(layout.plant_line), COUNTRY_INDEX[code]),
                layout.plant_country,
                parts,
            )
            for code in _SUPPLIERS
        ]
        self._plants = _groups(
            s, layout.plant_line, layout.plant_country, layout.plant_country, parts
        )
        self._service = _groups(
            s,
            layout.outlet_line,
            np.full(len(layout.outlet_line), COUNTRY_INDEX["JP"]),
            layout.outlet_market,
            parts,
        )

    def frame(self, s: Simulation, lane: int, sheets: Sheets) -> pd.DataFrame:
        """Rows ``t, firm, product, origin, market, basis, duty_usd, booked_in`` of one lane.

        ``sheets``: ``customs`` float64[T, E], ``parts_value`` and ``support`` float64[T, P] and
        ``service_value`` float64[T, M], nominal USD, and ``parts_mix`` float64[T, P, 3]. A route's
        entries sum to the duty paid on it, a plant's to the duty on its parts.
        """
        rows = self._entries(s, lane, sheets)
        frames = [_long(group, duty, basis) for group, basis, duty in rows]
        whole = pd.concat(frames, ignore_index=True)
        key = ["t", "firm", "product", "origin", "market", "basis"]
        entries = whole.groupby(key, sort=True)["duty_usd"].sum().reset_index()
        entries["booked_in"] = entries["market"].map(dict(zip(COUNTRIES, SEGMENT_OF, strict=True)))
        return entries

    def _entries(
        self, s: Simulation, lane: int, sheets: Sheets
    ) -> list[tuple[Grouping, str, Floats]]:
        law, customs = s.laws[int(s.law[lane])], sheets["customs"]
        content = s.parameters["us_content"][s.layout.route_line, lane]
        parts, service = sheets["parts_value"], sheets["service_value"]
        bought = parts[..., None] * sheets["parts_mix"]
        levied = law.parts_rate[..., _SECTION_232] * sheets["parts_mix"][..., : len(_SUPPLIERS)]
        total = levied.sum(axis=2)
        none = np.zeros_like(total)
        credit = np.divide(law.parts_credit, total, out=none, where=total > 0.0)
        entries = [
            (self._goods, "mfn", customs * law.permanent),
            (self._goods, CONTENT_RELIEF, -customs * law.relief * content),
            (self._plants, SUPPLIER_SUPPORT, sheets["support"]),
        ]
        for b, basis in enumerate(LEGAL_BASES):
            entries.append((self._goods, basis, customs * law.extra[:, :, b]))
        for b, basis in enumerate(_BASES):
            entries.append((self._service, basis, service * law.service_rate[..., b]))
            for column, group in enumerate(self._parts):
                paid = bought[..., column] * law.parts_rate[:, :, column, b]
                entries.append((group, basis, paid))
        for column, group in enumerate(self._parts):
            entries.append((group, OUTPUT_CREDIT, -parts * levied[:, :, column] * credit))
        return entries


def _groups(s: Simulation, line: Ints, origin: Ints, market: Ints, product: Ints) -> Grouping:
    return group_rows(
        {
            "firm": firm_codes(s.world, line),
            "product": np.array(PRODUCTS, dtype=object)[product[line]],
            "origin": country_codes(origin),
            "market": country_codes(market),
        }
    )


def _long(group: Grouping, duty: Floats, basis: str) -> pd.DataFrame:
    """Entries that are not zero, one row a month and group."""
    sums = group.sum(duty.T).T
    t, g = np.nonzero(sums)
    return pd.DataFrame({"t": t, **group.columns(g), "basis": basis, "duty_usd": sums[t, g]})
