"""Tables of results as figures and report show them."""
