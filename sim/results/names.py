"""Names that a reader knows, for the ids of a run: firms from its lines, buyers from its file."""

from __future__ import annotations

from sim.axes import COUNTRY_WORDS
from sim.data.dataset import packaged_folder, table_path
from sim.data.reading import read_table
from sim.data.schema import CUSTOMERS
from sim.errors import DataError, Fault, QueryError
from sim.results.run_folder.files import read_json
from sim.results.run_folder.query import RunFolder
from sim.spelling import Spellings

NAMES = "names.json"
"""File of a run folder: kind of id -> id -> name."""


def policy_name(run: RunFolder, policy: str) -> str:
    """Title of a policy for a reader: the config's label, or its id as words."""
    return run.manifest.labels.get(run.require_policy(policy)) or policy.replace("_", " ")


def place_in_words(code: str) -> str:
    """Name of a place as it stands in a sentence; a code that is not known stays as it is.

    >>> [place_in_words(code) for code in ("US", "JP", "ROW", "XX")]
    ['the United States', 'Japan', 'the rest of the world', 'XX']
    """
    return COUNTRY_WORDS.get(code, code)


def firm_names(run: RunFolder) -> dict[str, str]:
    """Firm id to the name that a reader knows.

    >>> firm_names(run)["tokyo_electron"]  # doctest: +SKIP
    'Tokyo Electron'
    """
    lines = run.lines
    return dict(zip(lines["firm"].astype(str), lines["firm_name"].astype(str), strict=True))


def customer_names(run: RunFolder) -> dict[str, str]:
    """Buyer of chip tools to its name: as the run wrote it, or as this version's table has it.

    Runs made before ``names.json`` hold ids alone.

    Raises
    ------
    DataError
        The table that came with the package is damaged.
    """
    path = run.path / NAMES
    if path.is_file():
        held = read_json(path).get("customers", {})
        return {str(code): str(name) for code, name in held.items()}
    rows, faults = read_table(table_path(packaged_folder(), CUSTOMERS.name), CUSTOMERS)
    if faults:
        raise DataError(faults)
    return {row.text("customer"): row.text("name") for row in rows}


def find_firm(run: RunFolder, firm: str) -> tuple[str, str]:
    """Id and name of the firm whose id or name is ``firm``, in any case.

    Raises
    ------
    QueryError
        None has it; the nearest is told.
    """
    names = firm_names(run)
    spellings = Spellings({code: (name,) for code, name in names.items()})
    code = spellings.code(firm)
    if code in names:
        return code, names[code]
    cure = spellings.cure(firm)
    raise QueryError(Fault(str(run.path), firm, "no such firm in this run", cure))
