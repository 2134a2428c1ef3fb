"""How a stop is recognised and answered."""
