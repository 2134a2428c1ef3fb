"""One call in three languages, as somebody would paste it.

The key comes from the environment: it belongs in no file and in no history of a shell.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from typing import Any, Final

KEY: Final = "ASKFIRST_KEY"
_LINE: Final = 56
_WORDS: Final = {"true": "True", "false": "False", "null": "None"}
_MARGIN: Final = re.compile("^ +", re.MULTILINE)
_JSON_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\])*"|\b(?:true|false|null)\b')


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleCall:
    """A call to write down; `body` None: it has none. `has_answer`: JSON comes back.

    `file`: the CSV file that it sends instead of JSON; "" where it sends none.
    """

    method: str
    url: str
    body: Any = None
    file: str = ""
    has_answer: bool = True


def as_json(value: Any, indent: str = "") -> str:
    """Write a value as people read it: what is short stands in one line."""
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or (len(indent + line) <= _LINE and indent):
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        members = [f"{json.dumps(key)}: {as_json(one, inner)}" for key, one in value.items()]
        return "{\n" + ",\n".join(inner + one for one in members) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + as_json(one, inner) for one in value) + f"\n{indent}]"


def as_curl(call: ExampleCall) -> str:
    """Write a call for a shell; `--json` takes curl 7.82."""
    is_plain = call.method == ("GET" if call.body is None and not call.file else "POST")
    head = "curl" if is_plain else f"curl -X {call.method}"
    lines = [f'{head} "{call.url}"', f'  -H "Authorization: Bearer ${KEY}"']
    if call.body is not None:
        lines.append("  --json " + shlex.quote(as_json(call.body)))
    if call.file:
        lines += ['  -H "Content-Type: text/csv"', f"  --data-binary @{call.file}"]
    return " \\\n".join(lines)


def as_python(call: ExampleCall) -> str:
    """Write a call for Python, with httpx."""
    headers = f"""{{"Authorization": f"Bearer {{os.environ['{KEY}']}}"}}"""
    if call.file:
        headers += ' | {"Content-Type": "text/csv"}'
    arguments = [f'"{call.url}"', "headers=" + headers]
    if call.body is not None:
        arguments.append("json=" + _indented(_python_literal(call.body), 4))
    if call.file:
        arguments.append(f'content=open("{call.file}", "rb").read()')
    shown = "answer.json()" if call.has_answer else "answer.status_code"
    lines = "".join(f"    {argument},\n" for argument in arguments)
    return (
        f"import os\n\nimport httpx\n\nanswer = httpx.{call.method.lower()}(\n{lines})\n"
        f"print({shown})"
    )


def as_javascript(call: ExampleCall) -> str:
    """Write a call for JavaScript, on a server: a key has no place in a browser."""
    headers = [f"Authorization: `Bearer ${{process.env.{KEY}}}`"]
    if call.body is not None:
        headers.append('"Content-Type": "application/json"')
    if call.file:
        headers.append('"Content-Type": "text/csv"')
    written = "".join(f"    {header},\n" for header in headers)
    members = [f'method: "{call.method}"', f"headers: {{\n{written}  }}"]
    if call.body is not None:
        members.append(f"body: JSON.stringify({_indented(as_json(call.body), 2)})")
    if call.file:
        members.append(f'body: await fs.promises.readFile("{call.file}")')
    lines = "".join(f"  {member},\n" for member in members)
    shown = "await answer.json()" if call.has_answer else "answer.status"
    needed = 'import fs from "node:fs";\n\n' if call.file else ""
    fetched = f'const answer = await fetch("{call.url}", {{\n{lines}}});'
    return f"{needed}{fetched}\nconsole.log({shown});"


def _python_literal(value: Any) -> str:
    text = _JSON_TOKEN.sub(lambda found: _WORDS.get(found[0], found[0]), as_json(value))
    return _MARGIN.sub(lambda found: found[0] * 2, text)


def _indented(text: str, by: int) -> str:
    return text.replace("\n", "\n" + " " * by)
