"""The answer first: what a policy does against another one, in sentences, with its doubt."""
