"""Businesses, their senders and API keys."""
