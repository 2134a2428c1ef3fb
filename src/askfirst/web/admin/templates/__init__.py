"""Commands about the registry of templates."""
