"""Questions as a product has them in its pages."""

from __future__ import annotations

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.prompts.interpolation import Filling
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from askfirst.web.prompt_html import prompt_html

TOKEN = "eyJpZCI6IjEifQ.c2lnbmVk"


def box(key: str = "signup", token: str = TOKEN) -> str:
    """A question with an empty box."""
    return f"""
<div class="askfirst-prompt" lang="en" dir="ltr">
  <input type="hidden" name="askfirst_{key}_token" value="{token}">
  <label class="askfirst-box">
    <input type="checkbox" name="askfirst_{key}" value="grant">
    <span class="askfirst-text">Receive offers from <bdi>Café Lune</bdi> on WhatsApp.</span>
  </label>
</div>"""


def buttons(key: str = "order", token: str = TOKEN) -> str:
    """A question with a yes and a no."""
    return f"""
<fieldset class="askfirst-prompt" lang="en" dir="ltr">
  <legend class="askfirst-text">May we write to you on WhatsApp about this order?</legend>
  <input type="hidden" name="askfirst_{key}_token" value="{token}">
  <button type="submit" hidden></button>
  <button class="askfirst-yes" type="submit" name="askfirst_{key}" value="grant">Yes</button>
  <button class="askfirst-no" type="submit" name="askfirst_{key}" value="refuse">No</button>
</fieldset>"""


def joining(*inside: str, more: str = "") -> str:
    """A form to join the shop with."""
    return f"""
<form action="/join" method="post">
  <label>Phone <input type="tel" name="phone" value="+44 7700 900123"></label>
  {"".join(inside)}
  {more}
  <button id="join">Join</button>
  <button type="reset">Clear</button>
</form>"""


def optin(inside: str, attributes: str = "") -> str:
    return f"<askfirst-optin {attributes}>{inside}</askfirst-optin>"


def fragment(key: str, locale: str = "en", token: str = "") -> str:
    """What askfirst gives out for one of its own questions."""
    filling = Filling(business="Café Lune")
    request = PromptRequest(key=key, locale=locale, filling=filling)
    return prompt_html(render_prompt(built_in_catalogue(), request), token=token)
