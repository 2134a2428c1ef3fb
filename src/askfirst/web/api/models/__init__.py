"""What goes in and out of the REST face, as it is documented: a noun a module."""
