"""The face that customers see: hosted pages."""
