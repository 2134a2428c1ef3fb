"""What the law of a country asks, and when it is day there."""
