"""Golden results: what a small experiment gives today, so that no change comes unseen.

``make golden`` renews the file; commit the difference on purpose and say why it changed.
"""
