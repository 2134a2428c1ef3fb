import pytest

from askfirst.simulator.pages.markup import formatted, plain


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*1234* is your code", "<strong>1234</strong> is your code"),
        ("_so_ and ~not so~", "<em>so</em> and <s>not so</s>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("```*as it is*```", "<code>*as it is*</code>"),
        ("2 * 3 * 4, a*b*c, snake_case_name", "2 * 3 * 4, a*b*c, snake_case_name"),
        ("* not this *", "* not this *"),
        ("*<b>*", "<strong>&lt;b&gt;</strong>"),
        ("a & b", "a &amp; b"),
    ],
)
def test_marks_become_html_and_the_rest_is_escaped(text: str, html: str) -> None:
    assert formatted(text) == html


def test_addresses_become_links_without_the_full_stop() -> None:
    address = "https://example.com/a_b_c?x=1&y=*2*"
    html = formatted(f"See {address}.")
    escaped = "https://example.com/a_b_c?x=1&amp;y=*2*"
    assert html == f'See <a href="{escaped}" target="_blank" rel="noreferrer">{escaped}</a>.'


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", 'https://x"onclick="y', "https://<script>"]
)
def test_nothing_of_a_text_becomes_code(text: str) -> None:
    html = str(formatted(text))
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert '"onclick' not in html


def test_a_preview_has_no_marks() -> None:
    assert plain("*1234* is\nyour <code>") == "1234 is your <code>"
