"""Answers of the authorities and how severe each is: what "most restrictive" means."""

from __future__ import annotations

US_CODES: tuple[str, ...] = (
    "NLR",
    "EXEMPT_S4",
    "AUTH_VEU",
    "LIC_APPROVE",
    "LIC_RFF_or_CBC",
    "LIC_CBC",
    "LIC_PoD",
)
"""United States, laxest first: no licence, exempt by country of export, general authorisation,
licence with approval expected, exception or case by case, case by case, presumption of denial."""

JAPAN_CODES: tuple[str, ...] = ("NOT_JP", "JP_NONE", "JP_LIC")
"""Japan: not an export from Japan, no licence, licence."""

NETHERLANDS_CODES: tuple[str, ...] = ("NOT_NL", "NL_NONE", "NL_LIC")
"""Netherlands, for context: not an export from there, no licence, licence."""

CHINA_CODES: tuple[str, ...] = ("CN_NONE", "CN_LIC", "CN_LIC_STRICT", "CN_BAN")
"""China: no licence, licence, individual licence without a time limit, ban."""

CODES: dict[str, tuple[str, ...]] = {
    "US": US_CODES,
    "JP": JAPAN_CODES,
    "NL": NETHERLANDS_CODES,
    "CN": CHINA_CODES,
}
"""Authority -> its codes, laxest first."""

FREE_CODES: frozenset[str] = frozenset(
    {"NLR", "EXEMPT_S4", "AUTH_VEU", "NOT_JP", "JP_NONE", "NOT_NL", "NL_NONE", "CN_NONE"}
)
"""Answers under which goods may leave without asking anybody."""

_COMMON = {
    "NLR": 0,
    "NOT_JP": 0,
    "JP_NONE": 0,
    "NOT_NL": 0,
    "NL_NONE": 0,
    "CN_NONE": 0,
    "EXEMPT_S4": 0,
    "AUTH_VEU": 1,
    "LIC_APPROVE": 2,
    "LIC_RFF_or_CBC": 3,
    "JP_LIC": 4,
    "NL_LIC": 4,
    "CN_LIC": 4,
    "LIC_CBC": 4,
    "CN_LIC_STRICT": 5,
    "LIC_PoD": 6,
    "CN_BAN": 7,
}


def rank(code: str) -> int:
    """Place of a code among those of its own authority, 0 for the laxest.

    >>> rank("NLR"), rank("LIC_PoD"), rank("CN_LIC_STRICT")
    (0, 6, 2)
    """
    return next(codes.index(code) for codes in CODES.values() if code in codes)


def severity(code: str) -> int:
    """Severity on one scale for all authorities, 0 (nothing to ask) to 7 (ban).

    >>> severity("JP_NONE"), severity("JP_LIC") == severity("LIC_CBC"), severity("CN_BAN")
    (0, True, 7)
    """
    return _COMMON[code]


def strictest(codes: tuple[str, ...]) -> str:
    """The most restrictive of one authority's codes.

    >>> strictest(("EXEMPT_S4", "LIC_CBC", "LIC_PoD"))
    'LIC_PoD'
    """
    return max(codes, key=rank)
