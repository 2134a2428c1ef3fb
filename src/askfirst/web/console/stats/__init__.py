"""Figures in the console."""
