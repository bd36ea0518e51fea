"""What an experiment file may say: the schema of ``configs/*.yaml``.

An experiment is policies x scenarios x replications. A policy is a named set of reforms of the law;
a scenario is one draw of the uncertainties; a replication is one random seed that all policies
share. Unknown keys are refused. :func:`sim.experiments.spec.reading.load_config` turns a file into
an :class:`ExperimentConfig` and tells every mistake with its place.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.axes import LANES, month_range
from sim.data.models import Count, Number
from sim.experiments.spec.checks import cross_problems
from sim.experiments.spec.inputs import Inputs
from sim.experiments.spec.policy import (
    Name,
    Policy,
    ancestry,
    control_reforms_of,
    named_days,
    reforms_of,
)
from sim.extensions import Extension
from sim.law.controls.reforms import ControlReform
from sim.law.reforms.schema import Reform


def _month(value: object) -> object:
    """First day of the month that ``2017-01`` or ``2017-01-01`` names."""
    if isinstance(value, date):
        value = value.isoformat()
    match = re.fullmatch(r"(\d{4})-(\d{2})(-01)?", str(value))
    if match is None or not 1 <= int(match[2]) <= 12:
        message = "`{value}` is not a month; write it as 2025-04"
        raise PydanticCustomError("month", message, {"value": str(value)})
    return date(int(match[1]), int(match[2]), 1)


Month = Annotated[
    date,
    BeforeValidator(_month),
    PlainSerializer(lambda day: day.isoformat()[:7]),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}),
]
"""A month, written ``2017-01``."""


class Strict(BaseModel):
    """Root of the schema's models: frozen, and no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Range(Strict):
    """An uncertainty that lies anywhere between two bounds."""

    low: Number
    high: Number
    scale: Literal["linear", "log"] = Field(
        default="linear", description="`log` spreads draws evenly over the logarithm."
    )


Uncertainty = Annotated[
    Annotated[Range, Tag("range")]
    | Annotated[tuple[Number, ...], Tag("values"), Field(min_length=1)],
    Discriminator(lambda value: "values" if isinstance(value, list | tuple) else "range"),
]
"""A range, or a list of values."""


class Design(Strict):
    """How scenarios are drawn from the uncertainties."""

    kind: Literal["none", "factorial", "latin_hypercube", "sobol", "posterior"] = Field(
        default="none",
        description="`factorial` crosses all values (a range gives its two ends); `posterior` takes"
        " the draws of the parameters given dated decisions, in the place of uncertainties.",
    )
    samples: Count = Field(
        default=64, ge=1, le=65536, description="Scenarios of a drawn design; not of a factorial."
    )
    seed: Count = Field(default=1, ge=0, description="Seed of the draw of scenarios.")


class ExperimentConfig(Strict):
    """One experiment: which policies, under which uncertainties, over which months, how often."""

    experiment: Name = Field(description="Name of the experiment, in `snake_case`.")
    description: str = Field(default="", description="What question it answers.")
    start: Month = Field(
        default="2017-01", validate_default=True, description="First month: the base year's."
    )
    end: Month = Field(description="Last month, included.")
    seed: Count = Field(default=20170101, ge=0, lt=2**63, description="Seed of all random streams.")
    replications: Count = Field(default=64, ge=1, le=100_000, description="Seeds of each case.")
    detail_replications: Count = Field(
        default=1,
        ge=0,
        description="Replications of each scenario whose plants and flows are kept in full;"
        " of posterior draws so many runs in all.",
    )
    chunk_lanes: Count = Field(
        default=LANES,
        ge=1,
        le=LANES,
        description="Lanes (case x replication) that are run at once.",
    )
    baseline: Name | None = Field(
        default=None, description="Policy that others are compared with; the first when absent."
    )
    policies: dict[Name, Policy] = Field(min_length=1, description="Policies by name.")
    data: tuple[str, ...] = Field(
        default=(),
        description="Folders of tables laid over the shipped ones, relative to this file: rows add"
        " to them or replace them by key.",
    )
    law: tuple[str, ...] = Field(
        default=(),
        description="Folders of law laid over the law that ships, relative to this file.",
    )
    extensions: tuple[Extension, ...] = Field(
        default=(),
        description="Python files, beside this one, that bring mechanisms, outcomes, figures and"
        " kinds of firm.",
    )
    behaviours: dict[str, str] = Field(
        default_factory=dict,
        description="Firm: class of an extension that decides for it, under every policy.",
    )
    uncertainties: dict[str, Uncertainty] = Field(
        default_factory=dict, description="Parameters that vary over scenarios."
    )
    design: Design = Field(
        default_factory=Design, description="How scenarios are drawn: `{kind, samples, seed}`."
    )
    parameters: dict[str, Number] = Field(
        default_factory=dict, description="Parameters set to one value in every scenario."
    )
    inputs: Inputs = Field(
        default_factory=Inputs,
        description="Exogenous paths and mechanisms that may be switched off, by name.",
    )

    @model_validator(mode="after")
    def _keys_agree(self) -> Self:
        problems = cross_problems(self.model_dump(mode="json", by_alias=True))
        if problems:
            text = "; ".join(f"{problem.path[-1]}: {problem.wrong}" for problem in problems)
            raise PydanticCustomError("cross", "{text}", {"text": text})
        return self

    @property
    def reference(self) -> str:
        """The policy that others are compared with."""
        return self.baseline or next(iter(self.policies))

    @property
    def months(self) -> tuple[date, ...]:
        """First days of all simulated months."""
        return month_range(self.start, self.end)

    @property
    def law_overlays(self) -> tuple[Path, ...]:
        """Folders laid over the law that ships."""
        return tuple(map(Path, self.law))

    def reforms(self, policy: str) -> tuple[Reform, ...]:
        """All reforms of the duties of ``policy`` in the order in which they are applied."""
        return reforms_of(policy, self.policies, self.law_overlays)

    def control_reforms(self, policy: str) -> tuple[ControlReform, ...]:
        """All reforms of export control of ``policy``, likewise."""
        return control_reforms_of(policy, self.policies, self.law_overlays)

    def named_days(self, policy: str) -> dict[str, tuple[date | None, date | None]]:
        """Reform that ``policy`` uses by name -> its first and last day; None: no such limit."""
        return named_days(policy, self.policies, self.law_overlays)

    def behaviours_of(self, policy: str) -> dict[str, str]:
        """Firm -> class under ``policy``: of all policies, its ancestors' and its own over them."""
        merged = dict(self.behaviours)
        parents = {name: one.extends for name, one in self.policies.items()}
        for ancestor in reversed(ancestry(policy, parents)):
            merged |= self.policies[ancestor].behaviours
        return merged

    def having(self, **changes: object) -> ExperimentConfig:
        """The same experiment with other values of some keys, checked again."""
        return type(self).model_validate(self.model_dump(mode="json", by_alias=True) | changes)

    def resolved(self) -> dict[str, Any]:
        """Plain content in which nothing is left to look up: every default and reform is there."""
        content = self.model_dump(mode="json", by_alias=True)
        content["baseline"] = self.reference
        content["policies"] = {
            name: {
                "title": policy.title,
                "reforms": [
                    reform.model_dump(mode="json", by_alias=True)
                    for reform in (*self.reforms(name), *self.control_reforms(name))
                ],
                "behaviours": self.behaviours_of(name),
            }
            for name, policy in self.policies.items()
        }
        content["extensions"] = [
            {"file": one.name, "sha256": one.sha256} for one in self.extensions
        ]
        return content

    def digest(self) -> str:
        """SHA-256 of :meth:`resolved` without descriptions and folders: equal digests, equal runs.

        What the folders of overlays hold is part of the digests of data and law.
        """
        content = self.resolved()
        for name in ("description", "data", "law", "behaviours"):
            del content[name]
        content["extensions"] = [one.sha256 for one in self.extensions]
        for policy in content["policies"].values():
            del policy["title"]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def json_schema() -> dict[str, Any]:
    """JSON Schema of an experiment file, for editors."""
    schema = ExperimentConfig.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
