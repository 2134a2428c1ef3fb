"""How a business looks on its pages."""
