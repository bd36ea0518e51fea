"""What-if edits: from a law to a law."""
