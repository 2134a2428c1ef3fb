"""Simulated people who live through a plan of campaigns, and what Meta makes of it."""
