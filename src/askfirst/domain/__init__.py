"""What consent is: contacts, purposes, prompts, events and their fold. Standard library only."""
