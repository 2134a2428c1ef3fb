"""Meta's dialect: the shapes, signatures and error codes of the Graph API."""
