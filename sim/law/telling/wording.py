"""Words that explanations use: goods with their tariff lines, origins, percentages, bases."""

from __future__ import annotations

from sim.axes import COUNTRY_WORDS

GOODS: dict[str, str] = {
    "cars": "passenger cars up to 2.5 L (HS 8703)",
    "cars_large": "passenger cars over 2.5 L (HS 8703.24)",
    "cars_bev": "battery-electric cars (HS 8703.80)",
    "light_trucks": "light trucks (HS 8704.21, 8704.31)",
    "auto_parts": "auto parts (HS 8708 and kin)",
    "ev_batteries": "lithium-ion batteries as a vehicle part (HS 8507.60)",
    "chip_tools": "chip-making equipment (HS 8486)",
    "semiconductors": "semiconductors (HS 8541, 8542)",
    "phones_laptops": "phones and laptops (HS 8517.13, 8471.30)",
    "networking": "networking equipment (HS 8517.62)",
    "printers": "printers (HS 8443.31, 8443.32)",
    "consoles_cameras": "game consoles and cameras (HS 9504.50, 8525.89)",
    "consumer_electronics": "consumer electronics (US list 4A lines)",
    "components": "passive parts, motors and bearings (HS 8532, 8533, 8501, 8482)",
    "machinery": "machinery (HS 84, no metal content under Section 232)",
    "metals": "steel and aluminium (HS 72, 73, 76)",
    "general_goods": "other goods",
}

BASES: dict[str, str] = {
    "section_301": "Section 301 of the Trade Act of 1974",
    "section_232": "Section 232 of the Trade Expansion Act of 1962",
    "ieepa": "International Emergency Economic Powers Act",
    "section_122": "Section 122 of the Trade Act of 1974",
    "forced_labour_301": "Section 301, forced labour",
    "retaliation": "retaliation",
    "other": "other authority",
}


def percent(share: float) -> str:
    """A share as a percentage without idle zeros.

    >>> percent(0.275), percent(0.15), percent(1.0)
    ('27.5 %', '15 %', '100 %')
    """
    return f"{round(share * 100, 6):g} %"


def place(code: str) -> str:
    """A country's name as it stands in a sentence.

    >>> place("US"), place("JP"), place("ROW")
    ('the United States', 'Japan', 'the rest of the world')
    """
    return COUNTRY_WORDS.get(code, code)
