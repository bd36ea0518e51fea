"""Two policies side by side over the same draws."""
