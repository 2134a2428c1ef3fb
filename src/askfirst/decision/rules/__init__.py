"""The rules of the gate, one a file; `order` puts them in theirs."""
