"""Public money for making things in a place: dated acts beside the duties."""
