"""The offline report."""
