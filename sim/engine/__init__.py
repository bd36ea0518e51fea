"""Time: the one room that writes state. Read :mod:`sim.engine.phases` first."""
