"""Questions and notices, as customers see them."""
