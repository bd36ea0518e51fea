"""Technology partners of carmakers in China."""
