"""A page becomes a picture in the Chromium or Chrome of this machine; nothing asks the network.

A page says in ``data-ready`` of its root element that all of it is drawn.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from choreographer import Browser, Tab
from choreographer.browsers import BrowserClosedError, BrowserFailedError
from choreographer.browsers.chromium import Chromium
from choreographer.channels import ChannelClosedError
from choreographer.protocol import DevtoolsProtocolError

from sim.errors import Fault, InputError, RunError

PATIENCE = 300.0
"""Seconds that a page may take: a report draws many figures, on a busy machine slowly."""
_READY = "Boolean(document.documentElement && 'ready' in document.documentElement.dataset)"
_STEP = 0.05
_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:[^)]*\)")

T = TypeVar("T")


def require_browser(path: Path) -> str:
    """Chromium or Chrome of this machine; ``BROWSER_PATH`` of the environment names another one.

    Raises
    ------
    InputError
        There is none; ``path`` is the file that was to be written.
    """
    found = Chromium.find_browser(skip_local=False)
    if found and os.access(found, os.X_OK):
        return str(found)
    wrong = "pictures and PDFs are made by Chromium or Chrome, and none is on this machine"
    if found:
        wrong = f"BROWSER_PATH is `{found}`, which is no program"
    cure = "install one (Debian and Ubuntu: apt-get install chromium), or write .html"
    raise InputError(Fault(str(path), "", wrong, cure))


class OpenPage:
    """A page in the browser, drawn."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._complaints: list[str] = []

    async def load(self, address: str) -> None:
        """Open an address of this machine, cut off from the network, and wait until it is drawn."""
        self._tab.subscribe("Runtime.exceptionThrown", self._complain)
        await self.ask("Runtime.enable")
        await self.ask("Network.enable")
        await self.ask("Network.setBlockedURLs", urls=["http://*", "https://*", "ws://*"])
        await self.ask("Page.navigate", url=address)
        while not await self.value(_READY):
            if self._complaints:
                raise RunError(f"the page could not be drawn: {self._complaints[0]}")
            await asyncio.sleep(_STEP)

    async def _complain(self, event: Mapping[str, Any]) -> None:
        told = event["params"]["exceptionDetails"]
        thrown = told.get("exception", {}).get("description", told["text"])
        self._complaints.append(str(thrown).partition("\n")[0])

    async def ask(self, command: str, **parameters: Any) -> Mapping[str, Any]:
        """Answer of a command of the browser's DevTools protocol."""
        answer = await self._tab.send_command(command, params=parameters)
        if "error" in answer:
            raise RunError(f"the browser refuses {command}: {answer['error'].get('message')}")
        told: Mapping[str, Any] = answer["result"]
        return told

    async def value(self, script: str) -> Any:
        """Value of a script, awaited where it is a promise."""
        told = await self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in told:
            raise RunError(f"the page could not be drawn: {told['exceptionDetails']['text']}")
        return told["result"].get("value")

    async def screen(self, width: int, height: int, scale: float) -> None:
        """Lay the page out for a screen of that many pixels, each ``scale`` pixels of a picture."""
        await self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=False,
        )  # fmt: skip

    async def png(self, width: float, height: float, scale: float = 1.0) -> bytes:
        """Picture of the page's upper left corner of that size."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
        told = await self.ask(
            "Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True
        )
        return base64.b64decode(told["data"])

    async def pdf(self, width: float | None = None, height: float | None = None) -> bytes:
        """Print the page: one sheet of that many pixels, or as its style sheet says."""
        sheet: dict[str, Any] = {"preferCSSPageSize": True}
        if width and height:
            margins = dict.fromkeys(("marginTop", "marginBottom", "marginLeft", "marginRight"), 0)
            sheet = {"paperWidth": width / 96, "paperHeight": height / 96, "pageRanges": "1"}
            sheet |= margins
        told = await self.ask("Page.printToPDF", printBackground=True, **sheet)
        return _DATES.sub(lambda date: b" " * len(date[0]), base64.b64decode(told["data"]))


def in_browser(
    page: str,
    screen: tuple[int, int, float],
    make: Callable[[OpenPage], Awaitable[T]],
    path: Path,
) -> T:
    """Open a page of HTML on a screen (width, height, scale), and give what ``make`` makes of it.

    Raises
    ------
    InputError
        No browser is here.
    RunError
        The browser does not start, or the page is not drawn in time.
    """
    program = require_browser(path)
    with tempfile.TemporaryDirectory(prefix="kyoten-") as folder:
        held = Path(folder) / "page.html"
        held.write_text(page, encoding="utf-8")
        shot = _shot(program, held.as_uri(), screen, make)
        with ThreadPoolExecutor(1) as other:  # a notebook's thread has a loop of its own
            return other.submit(asyncio.run, shot).result()


async def _shot(
    program: str,
    address: str,
    screen: tuple[int, int, float],
    make: Callable[[OpenPage], Awaitable[T]],
) -> T:
    try:
        async with asyncio.timeout(PATIENCE), Browser(program, headless=True) as browser:
            tab = await browser.create_tab("")
            page = OpenPage(tab)
            await page.screen(*screen)
            await page.load(address)
            return await make(page)
    except TimeoutError as fault:
        raise RunError(f"the page was not drawn within {PATIENCE:.0f} s") from fault
    except (BrowserClosedError, BrowserFailedError, ChannelClosedError, OSError) as fault:
        raise RunError(f"{program} did not start or stopped: {fault}") from fault
    except DevtoolsProtocolError as fault:
        raise RunError(f"{program} refused: {fault}") from fault
