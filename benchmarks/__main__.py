"""``make bench``: the law, the engine against a plain Mesa loop, the supplier network."""

from benchmarks import law, model, network

law.main()
model.main()
network.main([10_000, 100_000])
