"""Running an experiment: chunks, workers, run folders."""
