"""What is asked of the law and what it answers: queries, limbs and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.law.controls.codes import FREE_CODES, severity


@dataclass(frozen=True, slots=True)
class Query:
    """One shipment of one tool to one chip maker.

    ``us_content`` is the value share (0..1) of US parts that need a licence to the destination
    country. ``node`` empty means that of the customer's table. ``direct_product`` and ``jp_listed``
    empty mean the declared assumption for the class. Countries are ISO codes, ``EU`` or ``ROW``.
    """

    tool_class: str
    us_content: float
    made: str
    shipped_from: str
    to: str
    customer: str
    owner: str | None = None
    owner_share: float | None = None
    node: str | None = None
    wafer_mm: int | None = None
    contains_ic: bool = True
    direct_product: bool | None = None
    jp_listed: bool | None = None
    exporter_hq: str | None = None
    military: bool = False
    rare_earth_share: float | None = None


@dataclass(frozen=True, slots=True)
class MaterialQuery:
    """One shipment of a material or part that China may control.

    ``content_share`` is the value share (0..1) of Chinese rare earths in a foreign-made item, empty
    when it is not known; ``technology`` says that Chinese rare-earth technology made it.
    """

    item: str
    made: str
    shipped_from: str
    to: str
    party: str = ""
    content_share: float | None = None
    technology: bool = False
    military: bool = False
    owner: str | None = None
    owner_share: float | None = None


@dataclass(frozen=True, slots=True)
class Limb:
    """One rule of the procedure and what it found.

    ``applied`` says whether its conditions were met; ``code`` is the answer it gives by itself,
    empty for limbs that only settle jurisdiction or that were not met.
    """

    rule: str
    authority: str
    citation: str
    applied: bool
    finding: str
    code: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Answer of every authority, the reason in one sentence, and every limb.

    ``worst`` is the most restrictive of the three answers; ``free`` is true when nobody has to be
    asked; ``banned`` when no licence can be had.
    """

    us: str
    japan: str
    china: str
    netherlands: str
    reason: str
    limbs: tuple[Limb, ...]
    on: date

    @property
    def worst(self) -> str:
        """The most restrictive code of the three authorities."""
        return max((self.us, self.japan, self.china), key=severity)

    @property
    def free(self) -> bool:
        """Whether the goods may leave without asking anybody."""
        return {self.us, self.japan, self.china} <= FREE_CODES

    @property
    def banned(self) -> bool:
        """Whether a ban stands against the shipment."""
        return self.china == "CN_BAN"

    def as_dict(self) -> dict[str, str]:
        """The fixed form for scripts: the three codes and the reason."""
        return {"us": self.us, "japan": self.japan, "china": self.china, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class MaterialDecision:
    """China's answer on a material, the reason in one sentence, and every limb."""

    china: str
    reason: str
    limbs: tuple[Limb, ...]
    on: date

    def as_dict(self) -> dict[str, str]:
        """The fixed form for scripts: the code and the reason."""
        return {"china": self.china, "reason": self.reason}
