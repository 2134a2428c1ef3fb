"""The face that Meta's webhooks arrive at."""
