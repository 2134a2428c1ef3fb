"""Set brakes by what is heard, look after them, and lift them."""
