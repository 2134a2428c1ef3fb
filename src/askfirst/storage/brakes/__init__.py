"""Brakes and what they are judged by, for both backends."""
