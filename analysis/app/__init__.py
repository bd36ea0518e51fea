"""A local server that shows run folders: pages, figures and JSON, and nothing from the network."""
