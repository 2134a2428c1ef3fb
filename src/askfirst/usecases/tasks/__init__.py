"""Work in the background: one leased queue in the database."""
