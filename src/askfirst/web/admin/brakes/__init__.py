"""Commands about brakes."""
