"""The commands about brakes."""
