"""Somebody's words made safe to show: a title may hold whatever a file can hold."""

from __future__ import annotations

from unicodedata import category


def without_controls(text: str) -> str:
    r"""Leave out characters that a terminal would obey; line ends and tabs stay.

    >>> without_controls("Duties\x1b[31m rise\n")
    'Duties[31m rise\n'
    """
    return "".join(one for one in text if one in "\n\t" or category(one) != "Cc")
