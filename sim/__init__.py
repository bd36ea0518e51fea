"""Kyoten: how Japanese manufacturers move production when tariffs and controls change."""
