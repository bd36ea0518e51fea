"""A world of all firms, stepped past its first reviews, with every call's arrays looked at."""
