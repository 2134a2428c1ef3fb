"""Receivers of Meta's webhooks."""
