"""Operators, their sessions, and the log of what they did."""
