"""Chip tools under export control, month by month."""
