"""Figures of chip tools under export control."""
