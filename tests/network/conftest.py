import numpy as np
import pytest

from sim.axes import COUNTRIES, PRODUCT_INDEX
from sim.network.population import PLACES, Anchors


@pytest.fixture
def makers():
    """Three named plants: cars in the US and Japan, printers in China; parts from three places."""
    source = np.zeros((17, PLACES, PLACES))
    source[:] = 0.5 * np.eye(PLACES)
    source[:, :, COUNTRIES.index("JP")] += 0.3
    source[:, :, COUNTRIES.index("CN")] += 0.2
    product = np.array([PRODUCT_INDEX[k] for k in ("cars", "cars", "printers")])
    country = np.array([COUNTRIES.index(i) for i in ("US", "JP", "CN")])
    names = ("toyota_cars:US", "toyota_cars:JP", "ricoh_printers:CN")
    return Anchors(names, product, country, np.array([4e7, 9e7, 1e7]), source)
