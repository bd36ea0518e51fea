"""The days on which a reform holds, and the reform that makes a new subsidy."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.data.models import Day
from sim.law.instrument import ALL
from sim.law.reforms.words import Importers, Products, Words


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(_Strict):
    """The days on which an edit holds."""

    start: Day | None = Field(None, description="First day; absent: from the beginning.")
    end: Day | None = Field(None, description="Last day; absent: for good.")

    @model_validator(mode="after")
    def _ordered(self) -> Window:
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"`end` {self.end} is before `start` {self.start}")
        return self


class Subsidise(Window):
    """A new act that pays firms for making goods in a place."""

    op: Literal["subsidise"]
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    places: Importers = Field((), description="Where the goods must be made; absent: anywhere.")
    products: Products = (ALL,)
    firms: Words = Field((), description="Ids of firms; absent: every firm.")
    kind: Literal["share_of_outlay", "share_of_price", "usd_per_unit", "profit_tax"]
    size: float = Field(ge=-1.0, le=100_000.0, description="A share, USD a unit, or tax points.")
    years: tuple[float, float] | None = Field(None, description="Years of each project, [0, 8].")
    start: Day
    announced: Day | None = None
