"""The fields of Meta's requests that the gateway knows. What is not here does not leave."""
