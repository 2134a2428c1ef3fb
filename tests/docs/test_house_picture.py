"""The picture of the house is what its contracts and folders say."""

from __future__ import annotations

import pytest

from scripts import house_picture


def page() -> str:
    return house_picture.ARCHITECTURE.read_text(encoding="utf-8")


def test_the_picture_is_up_to_date() -> None:
    assert house_picture.drawn_into(page()) == page(), "run python scripts/house_picture.py"


def test_every_layer_of_the_contract_is_drawn() -> None:
    layers = [layer for rank in house_picture.ranks() for layer in rank]
    assert {"cli", "domain"} <= set(layers)
    for layer in layers:
        assert f"[{layer}/]" in page()


def test_an_arrow_goes_down() -> None:
    layers = [layer for rank in house_picture.ranks() for layer in rank]
    for upper, lower in house_picture.arrows(layers):
        assert layers.index(upper) < layers.index(lower)


def test_a_page_without_a_place_for_it_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place for the picture"):
        house_picture.drawn_into("# Architecture\n")
