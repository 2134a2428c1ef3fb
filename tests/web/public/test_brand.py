"""The pages carry the business's colour and logo, from this site and from nowhere else."""

from __future__ import annotations

import pytest

from askfirst.domain.tenants.profile import Profile
from askfirst.domain.value import replace
from askfirst.usecases.tenants.manage_profile import put_profile
from tests.support.builders import BUSINESS, RIVAL
from tests.unit.domain.tenants.test_brand import png
from tests.web.public.visitors import Street

BRANDED = Profile(colour="#ffcc00")
JOIN = "/p/acme/join"


async def test_a_page_loads_the_colour_and_the_logo_by_names_that_change_with_them(
    street: Street,
) -> None:
    _, profile = await put_profile(street.services, BUSINESS, "Café Lune", BRANDED, png())
    page = await street.visitor().get(JOIN)
    assert "/p/acme/brand-ffcc00.css" in page.links()
    assert f"/p/acme/logo-{profile.logo}.png" in page.links()
    style = await street.visitor().raw("GET", "/p/acme/brand-ffcc00.css")
    assert (style.status, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "--brand: #ffcc00;" in style.body.decode()
    logo = await street.visitor().raw("GET", f"/p/acme/logo-{profile.logo}.png")
    assert (logo.status, logo.headers["content-type"], logo.body) == (200, "image/png", png())
    assert logo.headers["x-content-type-options"] == "nosniff"
    assert "max-age" in logo.headers["cache-control"]


async def test_without_a_logo_the_name_stands_for_it(street: Street) -> None:
    page = await street.visitor().get(JOIN)
    assert "CL Café Lune" in page.text
    assert not [one for one in page.links() if "logo" in one or "brand" in one]


async def test_the_logo_stays_until_it_is_taken_away(street: Street) -> None:
    services = street.services
    _, kept = await put_profile(services, BUSINESS, "Café Lune", BRANDED, png())
    _, changed = await put_profile(services, BUSINESS, "Café Lune", replace(BRANDED, locale="fr"))
    assert changed.logo == kept.logo
    await put_profile(services, BUSINESS, "Café Lune", BRANDED, b"")
    assert not [one for one in (await street.visitor().get(JOIN)).links() if "logo" in one]
    gone = await street.visitor().raw("GET", f"/p/acme/logo-{kept.logo}.png")
    assert gone.status == 404


@pytest.mark.parametrize(
    "path",
    ["/p/acme/brand-000000.css", "/p/acme/brand-.css", "/p/acme/logo-0.png", "/p/acme/logo-.png"],
)
async def test_a_name_that_is_not_current_leads_nowhere(street: Street, path: str) -> None:
    await put_profile(street.services, BUSINESS, "Café Lune", BRANDED, png())
    assert (await street.visitor().raw("GET", path)).status == 404


async def test_a_business_shows_its_own_logo_only(street: Street) -> None:
    _, profile = await put_profile(street.services, BUSINESS, "Café Lune", BRANDED, png())
    assert (await street.visitor().raw("GET", f"/p/{RIVAL}/logo-{profile.logo}.png")).status == 404
