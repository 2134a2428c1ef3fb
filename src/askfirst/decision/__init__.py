"""May this message leave? Facts, policy and the time in; a decision with its reasons out."""
