"""Bugs on purpose, by the room that they are in: each a patch inside one server process."""
