"""Equations behind the figures, as the documents write them: a test holds each to its document."""

from __future__ import annotations

from analysis.figure import Equation

SITING = Equation(
    "Share that wants to go: `1 - exp(-theta_slice max(0, net))`",
    "model.md#8-investment-months-3-6-9-",
)
SOURCING = Equation(
    "`S*_e = s0_e (cap_p / capbase_p) drift_e (k_e / L0_e)^{-theta}`",
    "model.md#6-demand-and-sourcing",
)
REASONS = Equation(
    "drivers are switched on in the order duty, controls, wage (with local prices), fx, "
    "freight, demand, uncertainty, subsidy, and each is credited with the change",
    "model.md#9-books",
)
ROOM = Equation(
    "room_p = use_p ( straight_p + (1 - straight_p) min(1, l_p / l1) )",
    "model.md#6-demand-and-sourcing",
)
BOOKS = Equation(
    "`wp_m = pc_m m_j sum_e s0_e p (1 + f_e + tau0_e)`, revenue `wp_m sales_m`",
    "model.md#9-books",
)
DUTY = Equation(
    "`tau_e = g (preference + sum_b extra_claimed_b - content_weight u s_t) + (1 - g)(mfn"
    " + sum_b extra_b)`",
    "model.md#1-news",
)
SHIPPING = Equation(
    "`sales_m = min(D_m, stock_m + arrivals_m)`",
    "model.md#7-shipping",
)
TOOL_ORDERS = Equation(
    "`wanted_c = usual_c left_u (1 + more_u) (1 + contested_n gain_u legal_a) (1 - turned_u)`",
    "chip_tools.md#orders",
)
TOOL_DEMAND = Equation(
    "`B_m + sum_c (shipped_c - usual_c)`",
    "chip_tools.md#licences-backlog-losses",
)
DIVERSION = Equation(
    "`gain_u = substitution_share v_u (1 - l_u / most_local_share) (US sales in China / contested"
    " Japanese sales there, 2017)`",
    "chip_tools.md#buyers",
)
LOCALISATION = Equation(
    "what denials bring moves up to `localisation_slope d_u` with speed"
    " `(1 + d_u) / localisation_months` and never falls",
    "chip_tools.md#buyers",
)
EACH_ITS_OWN = Equation(
    "",
    "results.md#outcomes",
)
