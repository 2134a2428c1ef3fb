"""What a button of ours says when it is tapped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.prompts.quick_reply import Reply, ReplyVerb, read_reply, reply_payload

HASH = PromptHash("sha256:" + "0" * 64)
PAYLOAD_MAX = 256


@given(
    st.sampled_from([ReplyVerb.YES, ReplyVerb.NO]),
    st.lists(
        st.sampled_from(["marketing", "utility", "marketing.offers"]),
        min_size=1,
        max_size=3,
        unique=True,
    ),
)
def test_an_answer_is_read_back(verb: ReplyVerb, purposes: list[str]) -> None:
    reply = Reply(verb=verb, purposes=tuple(purposes), prompt=HASH)
    assert read_reply(reply_payload(reply)) == reply


@pytest.mark.parametrize("purposes", [(), ("marketing",), ("marketing", "utility")])
def test_a_stop_is_read_back_without_a_prompt(purposes: tuple[str, ...]) -> None:
    reply = Reply(verb=ReplyVerb.STOP, purposes=purposes, prompt=None)
    assert read_reply(reply_payload(reply)) == reply


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "yes",
        "askfirst",
        "askfirst:yes",
        "askfirst:yes:marketing",
        "askfirst:yes:*:" + HASH,
        "askfirst:no:*:" + HASH,
        "askfirst:yes:marketing:sha256:12",
        "askfirst:maybe:marketing:" + HASH,
        "Askfirst:yes:marketing:" + HASH,
        "shop:stop:*",
    ],
)
def test_what_is_not_whole_counts_for_nothing(payload: str) -> None:
    assert read_reply(payload) is None


def test_a_stop_counts_whatever_stands_behind_it() -> None:
    read = read_reply("askfirst:stop:marketing:nonsense")
    assert read == Reply(verb=ReplyVerb.STOP, purposes=("marketing",), prompt=None)


@given(st.text(max_size=PAYLOAD_MAX))
def test_no_text_breaks_the_reader(payload: str) -> None:
    found = read_reply(payload)
    assert found is None or isinstance(found, Reply)


def test_a_payload_fits_into_metas_limit() -> None:
    longest = tuple(f"marketing.{'x' * 32}" for _ in range(3))
    reply = Reply(verb=ReplyVerb.YES, purposes=longest, prompt=HASH)
    assert len(reply_payload(reply)) <= PAYLOAD_MAX
