"""The registry of templates, for either backend."""
