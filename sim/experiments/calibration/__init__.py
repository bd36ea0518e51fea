"""Calibrating on declared targets: what may be tuned, by which steps, with what loss."""
