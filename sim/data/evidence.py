"""How well a figure is known: the grades that every table and every file of law uses."""

from __future__ import annotations

from typing import Literal, get_args

Evidence = Literal["read", "cited", "derived", "recalled", "estimated"]
EVIDENCE: tuple[str, ...] = get_args(Evidence)
"""Grades of evidence, strongest first."""
STRONG: tuple[str, ...] = ("read", "cited")
"""Grades that were seen in a source or in a citation of one."""
WEAK: tuple[str, ...] = ("recalled", "estimated")
"""Grades that rest on memory or judgement."""

Confidence = Literal["high", "medium", "low"]
CONFIDENCE: tuple[str, ...] = get_args(Confidence)
