"""Brakes, as the use cases need them."""
