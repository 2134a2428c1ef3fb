"""Commands about what people said, and about erasing them."""
