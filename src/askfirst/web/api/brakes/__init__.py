"""Brakes: holds on what a business sends."""
