"""Data the model is given: tables checked on load, each row with its source and evidence."""
