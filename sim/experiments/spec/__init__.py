"""What an experiment file says, checked."""
