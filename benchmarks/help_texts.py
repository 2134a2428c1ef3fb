"""What each benchmark tells of itself with `--help`."""

from __future__ import annotations

from askfirst.cli.output import paragraphs

_RULES = """Runs against a server of its own with a database that is thrown away, beside a baseline
that is measured in the same run, in turns. Shared machines lie about speed: the ratio and the
processor time a request are what counts."""
_CODES = """Exit codes: 0 measured, 1 a request was not answered well or not acted on, 2 wrong
usage, 3 the database or server is not available."""

_AT_RATE = """With --rate it asks at that rate, whether or not the answers come (an open loop):
milliseconds count from when a request fell due, not from when it could be sent."""

WEBHOOKS = paragraphs(f"""Webhooks in: signed, unique, durable, every one acted on.

{_RULES}

{_AT_RATE}
It counts the rounds in which Meta's bar was met: half in 250 ms, 99 in 100 in a second.

Example: python -m benchmarks webhooks --mix real --ledger-events 1000000

{_CODES}
""")
CHECK = paragraphs(f"""POST /v1/check, for 10,000 known contacts of whom half said yes.

{_RULES}

{_AT_RATE}

Example: python -m benchmarks check --database-url postgresql://me@localhost/scratch

Example: python -m benchmarks check --rate 2000

{_CODES}
""")
GATEWAY = paragraphs(f"""Template sends through the whole gate, with the decision written down.

{_RULES}

The baseline is a plain proxy (nginx) to the same upstream, where nginx is installed.

{_AT_RATE}

Example: python -m benchmarks gateway --seconds 10

{_CODES}
""")
CONSENTS = paragraphs(f"""POST /v1/consents: each a yes of somebody new, with the token of a
question that was rendered for them, durable and counted in the ledger afterwards.

{_RULES}

{_AT_RATE}

Example: python -m benchmarks consents --database-url postgresql://me@localhost/scratch

{_CODES}
""")
RENDER = paragraphs(f"""GET /v1/prompts/{{key}}/render: four questions in eight languages, each
with a token of its own.

{_RULES}

{_AT_RATE}

Example: python -m benchmarks render --rate 500

{_CODES}
""")
ONE_TIME_CODES = paragraphs(f"""One-time codes: asked for, sent by WhatsApp through the whole gate,
typed in, approved, each for a number of its own. Such a pair counts as one request.

{_RULES}

Example: python -m benchmarks codes --database-url postgresql://me@localhost/scratch

{_CODES}
""")
STOP = paragraphs(f"""From a STOP that is typed to the first send that is refused: webhooks with
STOP come in at a rate, while sends for the same people queue at the gateway without a pause.
Milliseconds since the request of the STOP was written, until its answer and until the first
refusal. A stale allow is a send that began after that answer and was let through all the same.

Example: python -m benchmarks stop --stops-per-second 20

{_CODES}
""")
DECIDE = paragraphs(f"""The decision alone: microseconds for one, over varied facts, in this
process.

Example: python -m benchmarks decide

{_CODES}
""")
RULES_OF_TIME = paragraphs(f"""What the rules about hours, caps, brakes and paces add to
those about consent: microseconds of processor time for one decision, by all rules and by rules 1 to
5 alone, with the look at the facts in the database (gate) and without (alone).

Example: python -m benchmarks rules

{_CODES}
""")
FORWARDING = paragraphs(f"""What a webhook costs in processor time with one receiver that it is
forwarded to, against none, until the receiver has the last one.

Example: python -m benchmarks forwarding

{_CODES}
""")
MEDIA = paragraphs(f"""Pictures of 5 MB that are fetched through the gateway, beside nginx with
proxy_pass from the same server of files.

{_RULES}

Example: python -m benchmarks media

{_CODES}
""")
HOLDS = paragraphs(f"""For how long one delivery of Meta's holds the loop: 100 hostile texts of
4,096 characters, 1,000 updates of each kind. Milliseconds of processor time, in this process, on a
SQLite file that is thrown away.

Example: python -m benchmarks holds

{_CODES}
""")
IMPORT = paragraphs(f"""A file of people with evidence, from its first byte to its report: read,
previewed, confirmed, recorded. Beside it what was written, written once more and bare: the same
tables and keys, by executemany in one transaction on SQLite, by COPY on PostgreSQL.

Example: python -m benchmarks import --rows 100000

{_CODES}
""")
SCREEN = paragraphs(f"""A list of people, of whom half are known, through the rules of the gate, at
one ledger position. Beside it polars, which joins the same list to a table of the same people.

Example: python -m benchmarks screen --rows 100000

{_CODES}
""")
EXPORT = paragraphs(f"""What is kept of a business, written as JSON lines into files: ledger,
contacts and suppressions. Beside it the same columns of the ledger, read and written bare.

Example: python -m benchmarks export --rows 100000

{_CODES}
""")
STATS = paragraphs(f"""Figures: read from counts as ten million events over three years leave them,
in milliseconds of wall clock and of this process, and followed: what it costs in processor time to
count an event. In this process, on a database that is thrown away.

Example: python -m benchmarks stats --database-url postgresql://me@localhost/scratch

{_CODES}
""")
CONSOLE = paragraphs(f"""How long an operator waits for each page of the console: milliseconds of
wall clock and of this process, beside so many contacts and decisions, on a database that is thrown
away. Filling it takes far longer than opening the pages: with --copies the database copies what
some contacts left. Their part of the ledger does not verify, which no page looks at.

Example: python -m benchmarks console --contacts 1000000 --copies 10 --decisions 1000000

{_CODES}
""")
OPT_OUT = paragraphs(f"""How well stops are understood, on a corpus that you name, and how long a
message takes: the median of the corpus, and hostile texts of 4,096 characters. Percentages by
language: recall of stops, right scope among those, stops read where there are none, and what is
left to a person that should be. In this process; texts of the corpus are never shown. A hostile
text that takes more than a millisecond is a failure; a busy machine may cause one.

Example: python -m benchmarks opt_out --corpus tests/corpora/opt_out/frozen

{_CODES}
""")
PEER = paragraphs(f"""Opt-ins of somebody new, here and at c15t, an open-source consent server, each
with a SQLite file that is thrown away, in turns. Here an opt-in is a question that is rendered, its
yes, and a check; there it is recorded and read back. What either has kept is counted.

Install c15t in a folder of your own: npm install --prefix FOLDER @c15t/backend kysely
better-sqlite3. Both run on this machine only. The ratio says how many times as many opt-ins
askfirst records in a second, the cpu ratio how many times as much processor time one costs at c15t.

Example: python -m benchmarks peer --folder ~/c15t

{_CODES}
""")
BARE = paragraphs("""A server that does nothing; the benchmarks start it.

Example: python -m benchmarks bare hello --fd 3

Exit codes: 0 ended, 2 wrong usage.
""")
