"""The figures, one family a module; :mod:`analysis.figures` names them all."""
