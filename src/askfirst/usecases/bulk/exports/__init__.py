"""What is kept of a business, as files."""
