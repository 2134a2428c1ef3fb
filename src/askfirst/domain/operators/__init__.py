"""Who works in the console for a business, and what each may do there."""
