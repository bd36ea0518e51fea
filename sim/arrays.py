"""Types of arrays, said once: what they hold, and which of them a kernel fills."""

from __future__ import annotations

from typing import Annotated, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]
Codes = NDArray[np.int8]
"""Places in a list of codes, -1 or 0 for none."""
Flags = NDArray[np.bool_]

Filled = TypeVar("Filled")
Out = Annotated[Filled, "filled by the kernel"]
"""An argument that a kernel fills: a kernel assigns to these and to nothing else it is given."""
