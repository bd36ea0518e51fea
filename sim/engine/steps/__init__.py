"""The phases' own steps: each reads the month in hand and writes the state."""
