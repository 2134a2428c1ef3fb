"""The page of the reference on Meta's error codes, made of the table that the program reads."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from askfirst.domain.sending.meta_answer import CODE_MAX, Next
from askfirst.domain.sending.meta_answers import META_ANSWERS, answer_of

Row = Sequence[str]

_NEXT = {
    Next.RETRY: "send it again soon, each wait longer than the one before",
    Next.DEFER: "send it again, and not before a time",
    Next.NEVER: "do not send it again: the answer would be the same",
    Next.CORRECT: "change the message or the set-up first",
    Next.PARK: "let all of the kind rest until what stands against it is lifted",
}


def meta_errors_page(table: Callable[[Row, Iterable[Row]], str]) -> Iterator[str]:
    """What each code of Meta's means, and what follows."""
    yield "# Meta's error codes"
    yield (
        "What a code means, what may be done with the message, and what askfirst does. It is one "
        "table, and every door reads it: the answer to a send, a status that comes later by "
        "webhook, a message of askfirst's own. Meta's answer is passed on as it is. What "
        "askfirst then knows is a fact for the gate: `POST /v1/check` with `explain` shows it."
    )
    yield table(("next", "what may be done"), [(f"`{one}`", _NEXT[one]) for one in Next])
    yield (
        "**Place**: whether a message that failed so surely reached nobody, so that its place in "
        "caps is given back, once, however often Meta says it. `kept`: somebody may have it."
    )
    rows = [
        (
            str(row.code),
            row.means,
            row.subject.value,
            f"`{row.next}`",
            row.does,
            "given back" if row.is_surely_lost else "kept",
            row.source,
        )
        for row in META_ANSWERS.values()
    ]
    yield table(("code", "what it means", "about", "next", "what follows", "place", "source"), rows)
    unknown, permissions = answer_of(CODE_MAX), answer_of(200)
    yield (
        f"200 to 299: {permissions.means} Next is `{permissions.next}`. Any other code: "
        f"{unknown.means} {unknown.does} Its place is kept."
    )
