"""What rows mean together, told table by table: faults that no single cell shows."""
