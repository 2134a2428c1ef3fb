"""Why something was not sent."""
