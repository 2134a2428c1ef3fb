"""The tests of askfirst."""
