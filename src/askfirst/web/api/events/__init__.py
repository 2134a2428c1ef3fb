"""Subscriptions: servers of the business's that are told each change of consent."""
