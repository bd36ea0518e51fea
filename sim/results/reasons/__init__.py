"""Why work moved, what of it a policy changes, by which rule, and why the rest stayed."""
