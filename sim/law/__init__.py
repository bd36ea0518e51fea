"""The law as data and code: duties, preferences, origin rules, export controls, what-if edits."""
