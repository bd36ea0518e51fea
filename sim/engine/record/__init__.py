"""What a block remembers: the tables and outcomes of every month."""
