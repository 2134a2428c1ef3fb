"""How contacts are found by their names."""
