"""``kyoten list``: what there is to name in an experiment, in a question, or of a run."""
