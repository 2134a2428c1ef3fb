"""Questions that were filled in are kept: a bounded number, and none that speaks of one order."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling
from askfirst.usecases.memory import shown_prompts
from askfirst.usecases.memory.shown_prompts import Content, FilledPrompts
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt


def filled(filling: Filling) -> FilledPrompt:
    return render_prompt(
        built_in_catalogue(), PromptRequest(key="signup", locale="en", filling=filling)
    )


def content(filling: Filling) -> Content:
    return Content(None, "signup", 0, "en", filling, "GB")


def test_what_was_filled_in_is_found_by_its_content_alone() -> None:
    kept, acme = FilledPrompts(), Filling(business="Acme")
    kept.keep(content(acme), filled(acme))
    assert kept.find(content(Filling(business="Acme"))) == filled(acme)
    for other in (
        content(Filling(business="Rival")),
        content(Filling(business="Acme", purposes=("utility",))),
        content(acme)._replace(country="DE"),
        content(acme)._replace(revision=1),
        content(acme)._replace(locale="fr"),
        content(acme)._replace(key="login"),
    ):
        assert kept.find(other) is None


def test_what_speaks_of_one_order_is_not_kept() -> None:
    kept, order = FilledPrompts(), Filling(business="Acme", order="1234")
    kept.keep(content(order), filled(order))
    assert kept.find(content(order)) is None


def test_where_very_many_are_kept_the_first_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shown_prompts, "_KEPT_MAX", 2)
    kept = FilledPrompts()
    fillings = [Filling(business=name) for name in ("One", "Two", "Three")]
    for one in fillings:
        kept.keep(content(one), filled(one))
    assert [kept.find(content(one)) is None for one in fillings] == [True, False, False]
