"""The world in its base year and the paths it is given: read-only, without lanes."""
