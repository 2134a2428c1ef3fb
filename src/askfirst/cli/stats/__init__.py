"""The commands about figures."""
