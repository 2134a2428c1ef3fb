"""What Meta's webhooks bring in."""
