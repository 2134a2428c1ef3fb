"""Senders, brakes and templates."""
