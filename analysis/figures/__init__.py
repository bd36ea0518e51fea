"""The figures, a family a module: the catalogue finds what each names in ``FIGURES``."""
