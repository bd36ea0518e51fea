"""The world in its base year, the paths it is given, and the state of a block."""
