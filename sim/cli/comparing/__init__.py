"""What ``kyoten compare`` prints: the answer on one screen, and the rest."""
