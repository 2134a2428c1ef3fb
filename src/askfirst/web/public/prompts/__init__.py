"""The questions: wording, rules of wording, tokens."""
