"""Commands about lists that come in as files."""
