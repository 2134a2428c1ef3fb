"""Benchmarks: what the hot paths cost on this machine, beside a baseline measured with them."""
