"""Figures, the offline report and the app: everything a reader sees, drawn from results alone."""
