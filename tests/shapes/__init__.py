"""Shapes that docstrings claim, held against a running world."""
