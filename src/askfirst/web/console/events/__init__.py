"""Where webhooks and events go."""
