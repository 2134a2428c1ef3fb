"""Messages on their way out, as those who send them speak of them."""
