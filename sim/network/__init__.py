"""The million-firm side: suppliers behind the named firms, and how shocks travel among them."""
