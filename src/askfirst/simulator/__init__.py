"""A WhatsApp of our own, for demos, tests and experiments."""
