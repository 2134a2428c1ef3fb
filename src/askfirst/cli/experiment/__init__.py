"""Commands that simulate people."""
