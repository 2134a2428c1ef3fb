"""A poster as a picture: one sheet, to be scaled to any size."""

from __future__ import annotations

from jinja2 import Environment

from askfirst.domain.prompts.catalogue import Vocabulary
from askfirst.web.public.entry_points.poster_layout import lay_out
from askfirst.web.public.entry_points.qr import qr_markup
from askfirst.web.public.pages.reader import Reader


def poster_svg(
    templates: Environment, reader: Reader, vocabulary: Vocabulary, business: str, link: str
) -> str:
    """Draw the sheet with name, sentence, code, and what happens then."""
    words = reader.words
    steps = (
        words.plain("steps.start"),
        words.plain("steps.ask", business=business),
        words.plain("steps.stop", stop=vocabulary.stop),
    )
    return templates.get_template("poster.svg").render(
        reader=reader,
        title=words.plain("entry.title", business=business),
        code=qr_markup(link, title=words.plain("qr.alt")),
        sheet=lay_out(business, words.plain("poster.scan"), steps),
    )
