import numpy as np
import pytest

from sim.axes import COUNTRIES, PRODUCT_INDEX
from sim.network.population import PLACES, Anchors


@pytest.fixture
def makers():
    """Three named plants: cars in Japan and the US, printers in China; parts from three places."""
    source = np.zeros((17, PLACES, PLACES))
    source[:] = 0.5 * np.eye(PLACES)
    source[:, :, COUNTRIES.index("JP")] += 0.3
    source[:, :, COUNTRIES.index("CN")] += 0.2
    product = np.array([PRODUCT_INDEX[k] for k in ("cars", "cars", "printers")])
    country = np.array([COUNTRIES.index(i) for i in ("JP", "US", "CN")])
    names = ("toyota_cars:JP", "toyota_cars:US", "ricoh_printers:CN")
    return Anchors(names, product, country, np.array([9e7, 4e7, 1e7]), source)
