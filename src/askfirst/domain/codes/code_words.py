"""The words around a code that are not Meta's: an SMS, messages that prove a number, a hint."""

from __future__ import annotations

from askfirst.domain.prompts.simple_text import fill_words


def sms_text(words: str, locale: str, business: str, code: str) -> str:
    """Write an SMS. One pass, so that a business called `{code}` gets no code into its name."""
    return fill_words(words, locale, {"business": business, "code": code})


def proof_text(words: str, locale: str, business: str) -> str:
    """Write what a customer sends to prove their number; the proof itself is added behind it."""
    return fill_words(words, locale, {"business": business})


def answer_text(words: str, locale: str, business: str, kinds: str) -> str:
    """Write what a customer sends to say yes from their number; the proof is added behind it."""
    return fill_words(words, locale, {"business": business, "kinds": kinds})


def reminder_text(words: str, locale: str, business: str) -> str:
    """Write where the code is to be found."""
    return fill_words(words, locale, {"business": business})
