"""Firms that decide for themselves: what they could order, what they choose, and what is done."""
