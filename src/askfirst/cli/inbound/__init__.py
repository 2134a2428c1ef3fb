"""Commands about what comes in from Meta."""
