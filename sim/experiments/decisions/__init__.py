"""Calibration on dated decisions of firms, stayers among them: panel, likelihood, draws."""
