"""What leaves by network."""
