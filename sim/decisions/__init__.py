"""Pure kernels of the firm's month: arrays in, arrays out; only the engine assigns to state."""
