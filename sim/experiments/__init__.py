"""Experiments: the schema of their files, their designs, running them on one core or many."""
