"""Speed, measured and never asserted: ratios in one run on the same work."""
