"""The calibrated model against every target, and the page that tells it."""
