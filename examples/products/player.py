"""Plays recorded calls against askfirst and a simulated WhatsApp."""

from __future__ import annotations

import http.client
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from receiver import WORD, Receiver
from recording import Recording, Step, at, decoded, filled

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
_SECONDS_MAX = 30
_PAGES_MAX = 50


class NotAsRecorded(Exception):
    """A step went otherwise than the product needs it."""


@dataclass(kw_only=True)
class Stage:
    """Where it plays. `says_yes` records that the customer opted in to offers."""

    gateway: str
    simulator: str
    key: str
    waba: str
    number: str
    customer: str
    receiver: Receiver
    says_yes: Callable[[], None]
    app: str = "900000000000001"
    known: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known |= {
            "gateway": self.gateway,
            "key": self.key,
            "waba": self.waba,
            "number": self.number,
            "app": self.app,
            "customer": self.customer,
            "callback": self.receiver.url,
            "word": WORD,
        }


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers are in small letters."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def play(recording: Recording, stage: Stage) -> Iterator[Step]:
    """Play all steps; gives each when it went as recorded.

    Raises:
        NotAsRecorded: one did not.
    """
    for step in recording.steps:
        try:
            _play(step, stage)
        except (NotAsRecorded, TimeoutError) as error:
            raise NotAsRecorded(f"{step.says}: {error}") from error
        yield step


def _play(step: Step, stage: Stage) -> None:
    if step.call:
        _call(step, stage)
    elif step.customer:
        _act(step.customer, stage)
    elif step.hears:
        _hear(step, stage)
    elif step.phone:
        phone = decoded(ask("GET", f"{stage.simulator}/phones/{stage.customer}").body)
        newest = phone["inbox"][-1]["text"] if phone["inbox"] else "nothing"
        if not newest.startswith(step.phone):
            raise NotAsRecorded(f"the newest message is {newest!r}")


def _call(step: Step, stage: Stage) -> None:
    method, _, address = filled(step.call, stage.known).partition(" ")
    url = address if address.startswith("http") else stage.gateway + address
    headers, body = _request(step, stage)
    answer = ask(method, url, headers, body)
    content = decoded(answer.body)
    _compare(step, stage, answer, content)
    for _ in range(_PAGES_MAX if step.pages else 0):
        following = at(content, "paging.next")
        if not following:
            break
        answer = ask(method, following, headers)
        content = decoded(answer.body)
        _compare(step, stage, answer, content)
    for name, path in step.keep.items():
        stage.known[name] = str(at(content, path))


def _compare(step: Step, stage: Stage, answer: Answer, content: Any) -> None:
    if answer.status != step.status:
        raise NotAsRecorded(f"status {answer.status}: {answer.body[:400].decode(errors='replace')}")
    if step.code and at(content, "error.code") != step.code:
        raise NotAsRecorded(f"code {at(content, 'error.code')}")
    if step.is_picture and answer.body != PICTURE:
        raise NotAsRecorded("these are other bytes than the customer's")
    for path, wanted in step.expect.items():
        found, right = at(content, path), _right(wanted, stage)
        if found != right:
            raise NotAsRecorded(f"{path} is {found!r}, not {right!r}")
    for path in step.keep.values():
        if at(content, path) is None and not step.pages:
            raise NotAsRecorded(f"there is no {path}")


def _right(value: Any, stage: Stage) -> Any:
    return filled(value, stage.known) if isinstance(value, str) else value


def _request(step: Step, stage: Stage) -> tuple[dict[str, str], bytes]:
    """Write headers and body as the product does."""
    headers = {name.lower(): filled(text, stage.known) for name, text in step.headers.items()}
    if step.auth != "none":
        headers["authorization"] = f"{step.auth} {stage.key}"
    form = {name: filled(text, stage.known) for name, text in step.form.items()}
    if step.file:
        mark = uuid.uuid4().hex
        headers["content-type"] = f"multipart/form-data; boundary={mark}"
        return headers, _multipart(mark, form, step)
    if step.raw:
        return headers, PICTURE
    if step.json:
        headers.setdefault("content-type", "application/json")
        return headers, filled(step.json, stage.known).encode()
    if form:
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
        return headers, urlencode(form).encode()
    return headers, b""


def _multipart(mark: str, form: Mapping[str, str], step: Step) -> bytes:
    parts = [f'name="{name}"\r\n\r\n{text}\r\n'.encode() for name, text in form.items()]
    name, kind = ("flow.json", "application/json") if step.flow else ("picture.png", "image/png")
    head = f'name="{step.file}"; filename="{name}"\r\ncontent-type: {kind}\r\n\r\n'
    parts.append(head.encode() + (step.flow.encode() or PICTURE) + b"\r\n")
    start = f"--{mark}\r\ncontent-disposition: form-data; ".encode()
    return b"".join(start + part for part in parts) + f"--{mark}--\r\n".encode()


def _act(what: str, stage: Stage) -> None:
    phone = f"{stage.simulator}/phones/{stage.customer}"
    match what:
        case "says yes":
            stage.says_yes()
            return
        case "sends a picture":
            answer = ask("POST", f"{phone}/files", {"content-type": "image/png"}, PICTURE)
        case text:
            answer = ask("POST", f"{phone}/messages", {}, json.dumps({"text": text}).encode())
    if at(decoded(answer.body), "webhook_status") != http.client.OK:
        raise NotAsRecorded(answer.body.decode())


def _hear(step: Step, stage: Stage) -> None:
    """Take webhooks until one has what is waited for: reports of older sends come between."""
    while True:
        value = stage.receiver.next_value()
        if all(at(value, path) == _right(right, stage) for path, right in step.hears.items()):
            break
    for name, path in step.keep.items():
        stage.known[name] = str(at(value, path))


def ask(
    method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    """Make one request."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=_SECONDS_MAX)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request(method, target, body or None, dict(headers or {}))
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, response.read(), headers)
    finally:
        connection.close()
