"""A whole page as a file: HTML as it is, printed as a PDF, or one long PNG."""

from __future__ import annotations

from pathlib import Path

from analysis.pictures.browser import OpenPage, in_browser, require_browser
from sim.errors import Fault, QueryError
from sim.results.endings import ending_of
from sim.results.run_folder.files import write_whole

ENDINGS = ("html", "pdf", "png")
_SCREEN = (1280, 900, 1.0)
_TALLEST = 16_000
"""Pixels that Chromium can draw in one picture; what lies below them it would leave out."""
_SMALLEST = 0.6
"""A longer page is drawn smaller; smaller than this nobody could read it."""


def check_page_file(path: Path) -> str:
    """Ending of a page's file; refused before the page is made.

    Raises
    ------
    QueryError
        The ending is not known.
    InputError
        PDF or PNG is asked for and no browser is on this machine.
    """
    ending = ending_of(path, ENDINGS)
    if ending != "html":
        require_browser(path)
    return ending


def write_page(page: str, path: Path) -> None:
    """Write a page of HTML into ``path`` as its ending says; it says itself when it is drawn.

    Raises
    ------
    InputError
        The ending or the machine is refused (:func:`check_page_file`), or the page is longer than
        a picture can be.
    RunError
        The browser failed, or the file cannot be written.
    """
    ending = check_page_file(path)

    async def printed(opened: OpenPage) -> bytes:
        return await opened.pdf()

    async def taken(opened: OpenPage) -> bytes:
        size = (await opened.ask("Page.getLayoutMetrics"))["cssContentSize"]
        scale = min(1.0, _TALLEST / size["height"])
        if scale < _SMALLEST:
            wrong = f"the page is {size['height']:,.0f} pixels long, a picture holds {_TALLEST:,}"
            raise QueryError(Fault(str(path), "", wrong, "write .pdf"))
        return await opened.png(size["width"], size["height"], scale)

    if ending == "html":
        content = page.encode()
    else:
        content = in_browser(page, _SCREEN, printed if ending == "pdf" else taken, path)
    write_whole(path, lambda file: file.write(content))
