"""The web application: pages, assets from package data, and JSON backed by DuckDB.

Everything comes from this process; a Content-Security-Policy forbids pages to ask anyone else, and
requests under a foreign host name are refused.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from analysis import catalogue
from analysis.app.shelf import Shelf
from analysis.app.tables import answer_json, moves_json, run_json, runs_json, why_json
from analysis.pages import (
    asset,
    figure_content,
    look,
    outlines_script,
    page,
    plotly_script,
    scripts,
)
from sim.errors import InputError

HOST = "127.0.0.1"
POLICY = (
    "default-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Content-Security-Policy of every answer: nothing from another host; images that a page draws."""

_SCRIPT = "text/javascript; charset=utf-8"


def create_app(run_root: str | Path, say: Callable[[str], None] = lambda _: None) -> FastAPI:
    """Make the application that shows the runs below ``run_root``; ``say`` is told of doubts."""
    shelf = Shelf(run_root, say)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        shelf.close()

    app = FastAPI(title="Kyoten", docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=5)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost", "testserver"])
    app.middleware("http")(_guarded)
    app.exception_handler(InputError)(_refused)
    _add_pages(app)
    _add_assets(app)
    _add_data(app, shelf)
    _add_figures(app, shelf)
    return app


async def _guarded(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await answer(request)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _refused(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error)}, status_code=404)


def _packed(figure: go.Figure) -> bytes:
    return json.dumps(figure_content(figure), separators=(",", ":")).encode()


def _add_pages(app: FastAPI) -> None:
    @app.get("/", response_class=HTMLResponse)
    def home() -> str:
        """Show the one page; its script fills it from the data below."""
        return page("app.html", look=look())


def _add_assets(app: FastAPI) -> None:
    kept = {"Cache-Control": "max-age=3600"}
    texts: dict[str, tuple[Callable[[], str], str]] = {
        "plotly.js": (plotly_script, _SCRIPT),
        "outlines.js": (outlines_script, _SCRIPT),
        "page.css": (lambda: asset("page.css"), "text/css; charset=utf-8"),
        "app.css": (lambda: asset("app.css"), "text/css; charset=utf-8"),
        "app.js": (lambda: scripts("figures.js", "moves.js", "app.js"), _SCRIPT),
        "icon.svg": (lambda: asset("icon.svg"), "image/svg+xml"),
    }

    @app.get("/assets/{name}")
    def file(name: str) -> Response:
        """Serve a file of the package; no other path is reachable."""
        if name not in texts:
            return JSONResponse({"error": f"no such asset: {name}"}, status_code=404)
        text, kind = texts[name]
        return Response(text(), media_type=kind, headers=kept)

    @app.get("/favicon.ico")
    def icon() -> Response:
        """Serve the icon that browsers ask for unasked."""
        return Response(asset("icon.svg"), media_type="image/svg+xml", headers=kept)


def _add_data(app: FastAPI, shelf: Shelf) -> None:
    @app.get("/api/runs")
    def runs() -> list[dict[str, Any]]:
        """List the runs, newest first."""
        return runs_json(shelf)

    @app.get("/api/runs/{name}")
    def run(name: str) -> dict[str, Any]:
        """Tell a run's policies, products, firms, duties and outcomes: what can be asked."""
        return run_json(shelf.open(name))

    @app.get("/api/runs/{name}/moves")
    def moves(name: str, policy: str, against: str) -> dict[str, Any]:
        """List distinct moves with their reasons."""
        return moves_json(shelf.open(name), policy, against)

    @app.get("/api/runs/{name}/answer")
    def answer(name: str, policy: str, against: str) -> dict[str, Any]:
        """Tell what a policy does against another one: sentences, doubts and totals."""
        return answer_json(shelf.open(name), policy, against)

    @app.get("/api/runs/{name}/why")
    def why(name: str, firm: str, policy: str, against: str) -> list[dict[str, Any]]:
        """Tell a firm's moves in words."""
        return why_json(shelf.open(name), firm, policy, against)


def _add_figures(app: FastAPI, shelf: Shelf) -> None:
    @app.get("/api/runs/{name}/figures/{figure}")
    def drawn(name: str, figure: str, request: Request) -> Response:
        """Draw a figure as Plotly JSON; the query holds the policies and what it asks for."""
        held, values = shelf.open(name), dict(request.query_params)
        pair = (values.pop("policy", None), values.pop("against", None))
        wanted = catalogue.find(figure, held)
        asked = catalogue.asked(held, wanted, *pair, values)
        key = ("figure", figure, *sorted(asked.values.items()))
        content = held.once(key, lambda: _packed(catalogue.drawn(wanted, asked)))
        return Response(content, media_type="application/json")
