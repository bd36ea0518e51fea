"""The law told to a person: explained, compared, listed, audited."""
