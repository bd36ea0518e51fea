"""Figures and pages as files: HTML and Plotly JSON, and PNG, SVG and PDF made by a browser."""
