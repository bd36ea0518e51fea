"""The figures, one family a module; :mod:`analysis.catalogue` names them all."""
