"""The machine behind the ports: clock, ids, phone numbers, files."""
