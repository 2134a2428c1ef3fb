"""What the simulator remembers."""
