"""What an experiment may switch off: exogenous paths, and mechanisms by their names."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Inputs(BaseModel):
    """Exogenous paths that the world follows; one that is off stays at its value of 2017.

    Mechanisms of extension files are switched off by their names, which are checked with them.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, bool]

    market_size: bool = Field(default=True, description="Market sizes follow their record.")
    rivals: bool = Field(default=True, description="Chinese rivals rise, segment by segment.")
    brand_trends: bool = Field(default=True, description="Brands follow their declared trends.")
    macro: bool = Field(default=True, description="Wages, prices and exchange rates move.")
    freight: bool = Field(default=True, description="Ocean freight moves.")
    noise: bool = Field(default=True, description="Demand and exchange rates are drawn.")
    licences: bool = Field(
        default=True, description="Export controls bind chip tools, and their buyers respond."
    )
    materials: bool = Field(
        default=True, description="China's export rules make materials dear outside China."
    )
    partners: bool = Field(
        default=True, description="Car lines may take Chinese technology partners."
    )
