"""The API reference: a page made of the OpenAPI document."""
