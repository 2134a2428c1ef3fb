"""What a benchmark starts from."""
