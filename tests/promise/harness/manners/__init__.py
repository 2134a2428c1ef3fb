"""The ways in which people say yes and no, a module each."""
