"""Targets, and whether a run lies within their bands."""
