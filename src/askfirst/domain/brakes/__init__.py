"""Holds on marketing, and what sets and lifts them."""
