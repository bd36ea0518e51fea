"""A made run, the same run with nobody moving, and a browser that counts what it asks for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from analysis.app.server import HOST, create_app
from sim.results.run_folder.query import RunFolder, open_run
from tests.analysis.made_run import Made, write_run

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

PATIENCE = 180_000
"""Milliseconds that a page may take on a busy machine: drawing a report is work of seconds."""


@pytest.fixture(scope="session")
def shelf_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs: `made`, `half` (moves under one policy only), `still` (nobody moves)."""
    root = tmp_path_factory.mktemp("runs")
    write_run(root / "made")
    write_run(root / "half", Made(moving=("as_enacted",)))
    write_run(root / "still", Made(moving=()))
    return root


@pytest.fixture(scope="session")
def run_dir(shelf_dir: Path) -> Path:
    return shelf_dir / "made"


@pytest.fixture(scope="session")
def run(run_dir: Path) -> Iterator[RunFolder]:
    with open_run(run_dir) as opened:
        yield opened


@pytest.fixture(scope="session")
def still(shelf_dir: Path) -> Iterator[RunFolder]:
    with open_run(shelf_dir / "still") as opened:
        yield opened


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """Address of the app on a free port of this machine."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        config = uvicorn.Config(create_app(root), log_level="error", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
        thread.start()
        yield f"http://{HOST}:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@dataclass
class Watched:
    """A browser page with every request and complaint it made."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def asked_elsewhere(self, home: str) -> list[str]:
        """Requests that left ``home`` (a scheme or an origin)."""
        return [url for url in self.requests if not url.startswith((home, "data:", "blob:"))]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def watched(chromium: Any) -> Iterator[Watched]:
    """A page of a laptop's size; the tests of a module share it, since Plotly takes a while."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    seen = Watched(context.new_page())
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on(
        "console",
        lambda said: (
            seen.complaints.append(said.text)
            if said.type in ("error", "warning", "trace")
            else None
        ),
    )
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    yield seen
    context.close()
