"""Passwords and one-time codes, by the libraries that keep them well."""
