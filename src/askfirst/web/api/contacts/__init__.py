"""Contacts and their answers."""
