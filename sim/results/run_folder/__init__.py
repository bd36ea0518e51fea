"""Run folders: written safely, read by query."""
