"""The axes of every array: codes and their order, one letter each.

========  ====================================  =============================
letter    axis                                  codes
========  ====================================  =============================
``F``     firms                                 ``sim/data/world/firms.csv``
``N``     lines (firm x product)                ``sim/data/world/lines.csv``
``I``     origin country                        :data:`COUNTRIES`
``J``     market country                        :data:`COUNTRIES`
``K``     product                               :data:`PRODUCTS`
``B``     legal basis of a duty                 :data:`LEGAL_BASES`
``U``     customer (chip maker)                 ``sim/data/controls``
``T``     month                                 ISO date of its first day
``R``     replication lane                      0 .. :data:`LANES` - 1
========  ====================================  =============================
"""

from __future__ import annotations

from datetime import date

COUNTRIES: tuple[str, ...] = (
    "JP", "CN", "VN", "TH", "US", "MX", "CA", "KR", "TW", "IN", "ID", "MY", "PH", "EU", "ROW",
)  # fmt: skip
"""Simulated places: ISO 3166 alpha-2, ``EU`` (with EFTA and the UK as one market) and ``ROW``."""

COUNTRY_NAMES: dict[str, str] = {
    "JP": "Japan", "CN": "China", "VN": "Vietnam", "TH": "Thailand", "US": "United States",
    "MX": "Mexico", "CA": "Canada", "KR": "South Korea", "TW": "Taiwan", "IN": "India",
    "ID": "Indonesia", "MY": "Malaysia", "PH": "Philippines", "EU": "Europe",
    "ROW": "Rest of world",
    "GB": "United Kingdom", "CH": "Switzerland", "HK": "Hong Kong", "BR": "Brazil",
    "AU": "Australia", "SG": "Singapore",
}  # fmt: skip

LAW_ONLY_COUNTRIES: tuple[str, ...] = ("GB", "CH", "HK", "BR", "AU", "SG")
"""Exporters that the law can rate although no plant is simulated there."""

LAW_COUNTRIES: tuple[str, ...] = COUNTRIES + LAW_ONLY_COUNTRIES

PRODUCTS: tuple[str, ...] = (
    "cars", "cars_large", "cars_bev", "light_trucks", "auto_parts", "ev_batteries", "chip_tools",
    "semiconductors", "phones_laptops", "networking", "printers", "consoles_cameras",
    "consumer_electronics", "components", "machinery", "metals", "general_goods",
)  # fmt: skip
"""Products of DESIGN 2; ``cars_large`` and ``metals`` are known to the law only."""

LEGAL_BASES: tuple[str, ...] = (
    "section_301",
    "section_232",
    "ieepa",
    "section_122",
    "forced_labour_301",
    "retaliation",
    "other",
)
"""Classes of legal authority for duties above MFN; beliefs hold one hazard for each."""

LANES = 64
"""Lanes of a block: every block is padded to this width so that sums never depend on chunking."""

CURRENCIES: dict[str, str] = {
    "JP": "JPY", "CN": "CNY", "VN": "VND", "TH": "THB", "US": "USD", "MX": "MXN", "CA": "CAD",
    "KR": "KRW", "TW": "TWD", "IN": "INR", "ID": "IDR", "MY": "MYR", "PH": "PHP", "EU": "EUR",
    "ROW": "USD",
}  # fmt: skip

COUNTRY_INDEX: dict[str, int] = {code: i for i, code in enumerate(COUNTRIES)}
PRODUCT_INDEX: dict[str, int] = {code: k for k, code in enumerate(PRODUCTS)}
BASIS_INDEX: dict[str, int] = {code: b for b, code in enumerate(LEGAL_BASES)}


def month_range(first: date, last: date) -> tuple[date, ...]:
    """First days of the months from ``first`` to ``last``, both included.

    >>> [d.isoformat() for d in month_range(date(2017, 11, 1), date(2018, 1, 1))]
    ['2017-11-01', '2017-12-01', '2018-01-01']
    """
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    return tuple(date((start + t) // 12, (start + t) % 12 + 1, 1) for t in range(count))
