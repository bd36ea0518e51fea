"""``kyoten app``: the runs on disk in a browser, from this machine alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command(name="app")
def serve(
    root: Annotated[
        Path, typer.Argument(help="Folder that holds experiments, or one experiment.")
    ] = Path("runs"),
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 8765,
) -> None:
    """Show runs in a browser, on 127.0.0.1 alone. Ctrl-C ends it; nothing leaves this machine."""
    import socket
    import sys

    import uvicorn

    from analysis.app.server import HOST, create_app
    from sim.errors import Fault, QueryError

    shelf, named = _shelf(root)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
        except OSError as fault:
            wrong = f"port {port} cannot be used ({fault.strerror})"
            raise QueryError(Fault("", "--port", wrong, "choose another, or 0")) from fault
        listening.listen()
        address = f"http://{HOST}:{listening.getsockname()[1]}{named}"
        print(f"Kyoten shows {shelf} at {address} (Ctrl-C ends)", flush=True)
        config = uvicorn.Config(
            create_app(shelf, lambda told: print(told, file=sys.stderr)),
            log_level="warning",
            access_log=False,
        )
        uvicorn.Server(config).run(sockets=[listening])


def _shelf(root: Path) -> tuple[Path, str]:
    """The folder that holds experiments, and what an address adds to open the one named, if any."""
    from urllib.parse import urlencode

    from sim.errors import Fault, QueryError
    from sim.results.run_folder.manifest import NAME

    if not root.is_dir():
        cure = "name the folder that holds experiments, or make one with `kyoten run`"
        raise QueryError(Fault(str(root), "ROOT", "no such folder", cure))
    if not (root / NAME).is_file():
        return root, ""
    folder = root.resolve()
    return folder.parent, f"/?{urlencode({'run': folder.name})}"
