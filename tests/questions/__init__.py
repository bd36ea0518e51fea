"""Pages of ``docs/questions``: their files saved, their commands given, what they print compared.

A text block behind a command holds what it prints on a screen of 80 columns; a number in its first
line (``text 20``) keeps that many lines. ``python -m tests.questions [PAGE ...]`` renews them.
"""
