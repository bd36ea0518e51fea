"""``make bench``: the engine against a plain Mesa loop."""

from benchmarks.model import main

main()
