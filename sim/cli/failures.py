"""How the command line ends when something is wrong: short, with place and cure, an exit code."""

from __future__ import annotations

import errno
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Fault, InputError, KyotenError
from sim.results.texts import without_controls

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

SHOWN_FAULTS = 16
"""Faults on one screen; the rest are counted."""


@contextmanager
def rendered_failures() -> Iterator[None]:
    """Turn every exception into a message on stderr and an exit code.

    Raises
    ------
    SystemExit
        2 for :class:`InputError`, 1 for any other failure, 130 for Ctrl-C.
    """
    try:
        yield
    except InputError as error:
        show_faults(error)
        raise SystemExit(error.exit_code) from error
    except KyotenError as error:
        _say(f"{type(error).__name__}: {error}")
        raise SystemExit(error.exit_code) from error
    except KeyboardInterrupt as error:
        _say("Stopped.")
        raise SystemExit(130) from error
    except OSError as error:
        _say(_system_message(error))
        raise SystemExit(1) from error
    except Exception as error:
        _say(_surprise(error))
        raise SystemExit(1) from error


def show_faults(error: InputError) -> None:
    """All faults of ``error`` on stderr, one a paragraph, in one screen."""
    from rich.text import Text

    console = _stderr()
    count = len(error.faults)
    console.print(Text(f"{count} mistakes:" if count > 1 else "A mistake:", style="bold red"))
    for fault in error.faults[:SHOWN_FAULTS]:
        console.print(_paragraph(fault), soft_wrap=True)
    if count > SHOWN_FAULTS:
        console.print(Text(f"... and {count - SHOWN_FAULTS} more", style="dim"))


def _paragraph(fault: Fault) -> Text:
    from rich.text import Text

    place = ":".join(str(p) for p in (fault.file, fault.line, fault.column) if p not in {None, ""})
    text = Text("  ")
    for part, style in ((place, "cyan"), (fault.key, "bold")):
        if part:
            text.append(without_controls(part), style=style).append(": ")
    text.append(without_controls(fault.wrong))
    if fault.cure:
        text.append("\n      ").append(without_controls(fault.cure), style="green")
    return text


def _stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _say(message: str) -> None:
    print(without_controls(message), file=sys.stderr)


def _system_message(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"The disk is full{where}. Free some space; finished chunks are kept, use --resume."
    return f"{error.strerror or error}{where}\nDetails: {_keep_traceback(error)}"


def _surprise(error: Exception) -> str:
    kept = _keep_traceback(error)
    return (
        f"Kyoten failed, and not because of your input: {type(error).__name__}: {error}\n"
        f"The traceback is in {kept}; please report it."
    )


def _keep_traceback(error: BaseException) -> Path:
    with tempfile.NamedTemporaryFile(
        "w", prefix="kyoten-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.writelines(traceback.format_exception(error))
    return Path(file.name)
