"""What can be shown about a person: the parts of a case file."""
