"""What templates can do with a text."""

from __future__ import annotations

from askfirst.web.templating import codes


def test_what_stands_between_backticks_is_set_as_code() -> None:
    assert codes("Run `askfirst doctor` now.") == (
        'Run <code dir="ltr">askfirst doctor</code> now.'
    )


def test_a_text_is_never_taken_for_markup() -> None:
    assert codes("<b> `<i>`") == '&lt;b&gt; <code dir="ltr">&lt;i&gt;</code>'
