"""The machine: clock, randomness, telemetry, limits."""
