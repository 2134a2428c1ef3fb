"""A PostgreSQL server of one's own: started in seconds, killed at will, gone afterwards."""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

URL_VARIABLE = "ASKFIRST_TEST_DATABASE_URL"
_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 30.0
_POLL_SECONDS = 0.02
_ATTEMPTS_TO_FIND_A_PORT = 5

# The last line that the server writes into its pid file says whether it takes connections.
_PID_LINE, _STATUS_LINE = 0, 7

# Durability as in production: a crash test on a server that may lose commits would prove nothing.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "logging_collector": "off",
}


class PostgresUnavailableError(Exception):
    """PostgreSQL could not be found or did not start."""


class ThrowawayPostgres:
    """One server in a temporary directory, a direct child of this process.

    With `with`, it is started on entry and removed on exit. Trust authentication: on 127.0.0.1 and
    on a socket in its own directory, for user and database `postgres`.
    """

    def __init__(self) -> None:
        self.port = 0
        self._binaries = find_binaries()
        self._account = _unprivileged_account()
        self._directory: Path | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        if self._server is None:
            message = "the server is not running"
            raise PostgresUnavailableError(message)
        return self._server.pid

    def start(self) -> None:
        """Make the directory and the cluster on first use, then start the server."""
        if self._directory is not None:
            self._launch()
            return
        try:
            self._make_cluster()
            self._launch_on_a_free_port()
        except BaseException:
            self.stop()
            raise

    def restart(self) -> None:
        """Start again on the same data and port, after a kill or in the middle of things."""
        self._shut_down()
        self._launch()

    def kill(self) -> None:
        """SIGKILL the server and every backend at once, as a power cut would."""
        if self._server is None or self._server.poll() is not None:
            self._server = None
            return
        # Stopped first, so that no backend is born between listing them and killing them.
        self._server.send_signal(signal.SIGSTOP)
        family = [self._server.pid, *_children(self._server.pid)]
        for pid in family:
            _kill_quietly(pid)
        self._server.wait()
        self._server = None
        _wait_until(lambda: not any(map(_is_alive, family)), _SECONDS_TO_STOP)

    def stop(self) -> None:
        """Stop the server and remove its directory."""
        self._shut_down()
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None

    def _make_cluster(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="askfirst-pg-"))
        if self._account is not None:
            os.chown(self._directory, self._account.pw_uid, self._account.pw_gid)
        # Only the copying of templates goes unsynced; the server itself runs with fsync on.
        result = self._spawn(
            "initdb",
            f"--pgdata={self._directory / 'data'}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        if result.wait() != 0:
            raise PostgresUnavailableError(self._log())

    def _launch_on_a_free_port(self) -> None:
        for attempt in range(1, _ATTEMPTS_TO_FIND_A_PORT + 1):
            self.port = _free_port()
            try:
                self._launch()
            except PostgresUnavailableError:
                # Somebody else may have taken the port between our look and the server's bind.
                if attempt == _ATTEMPTS_TO_FIND_A_PORT:
                    raise
            else:
                return

    def _launch(self) -> None:
        if self._directory is None:
            message = "stopped for good; make a new one"
            raise PostgresUnavailableError(message)
        settings = _SETTINGS | {
            "port": str(self.port),
            "unix_socket_directories": str(self._directory),
        }
        options = [
            option for name, value in settings.items() for option in ("-c", f"{name}={value}")
        ]
        self._server = self._spawn("postgres", "-D", str(self._directory / "data"), *options)
        ended_or_ready = _wait_until(
            lambda: self._has_ended() or self._is_ready(), _SECONDS_TO_START
        )
        if not ended_or_ready or self._has_ended():
            log = self._log()
            self.kill()
            raise PostgresUnavailableError(log)

    def _shut_down(self) -> None:
        if self._server is None:
            return
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
        self._server.send_signal(signal.SIGINT)
        try:
            self._server.wait(_SECONDS_TO_STOP)
            self._server = None
        except subprocess.TimeoutExpired:
            self.kill()

    def _spawn(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        assert self._directory is not None
        account = self._account
        with (self._directory / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self._binaries / program), *arguments],
                cwd=self._directory,  # the account may not enter the caller's folder
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=account and account.pw_uid,
                group=account and account.pw_gid,
                extra_groups=account and [],
                start_new_session=True,  # Ctrl-C is for the caller, who then stops the server
            )

    def _has_ended(self) -> bool:
        return self._server is None or self._server.poll() is not None

    def _is_ready(self) -> bool:
        assert self._directory is not None
        try:
            lines = (self._directory / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        # The file of a killed server stays behind, so the pid has to be ours.
        return (
            len(lines) > _STATUS_LINE
            and lines[_PID_LINE].strip() == str(self.pid)
            and lines[_STATUS_LINE].strip() == "ready"
        )

    def _log(self) -> str:
        assert self._directory is not None
        return (self._directory / "log").read_text(errors="replace")[-4000:]


def find_binaries() -> Path:
    """The folder of initdb and postgres: on the path, or the newest where Debian keeps them."""
    candidates: list[Path] = []
    if initdb := shutil.which("initdb"):
        candidates.append(Path(initdb).resolve().parent)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run(
            [pg_config, "--bindir"], capture_output=True, text=True, check=False
        )
        candidates.append(Path(answer.stdout.strip()))
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(versions, key=lambda folder: _number(folder.parent.name), reverse=True)
    for folder in candidates:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    message = "PostgreSQL's server programs are missing: scripts/system_packages.sh test"
    raise PostgresUnavailableError(message)


def _unprivileged_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root lends it another account."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


def _number(version: str) -> int:
    return int(version) if version.isdigit() else 0


def _free_port() -> int:
    """A port below the range from which the kernel picks ports for clients.

    A port from that range could be taken by any connection while the server is down between a
    kill and a restart.
    """
    while True:
        port = random.randrange(15_000, 30_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _children(parent: int) -> list[int]:
    return [pid for pid in _all_pids() if _state_and_parent(pid)[1] == parent]


def _is_alive(pid: int) -> bool:
    # A zombie holds nothing any more; who reaps it is up to the system.
    return _state_and_parent(pid)[0] not in {"", "Z", "X"}


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _state_and_parent(pid: int) -> tuple[str, int]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return "", 0
    # The name, in brackets, may itself hold spaces and brackets.
    state, parent = stat.rpartition(")")[2].split()[:2]
    return state, int(parent)


def _kill_quietly(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _end_on_sigterm(*_: object) -> None:
    # As an exception, so that `with` still stops the server.
    raise SystemExit(128 + signal.SIGTERM)


def main(arguments: Sequence[str]) -> int:
    """Run a command against a server of its own; return the command's exit code."""
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not command:
        print("usage: throwaway_postgres.py -- COMMAND [ARGUMENT | {url}]...", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _end_on_sigterm)
    with ThrowawayPostgres() as server:
        return subprocess.run(
            [argument.replace("{url}", server.url) for argument in command],
            env=os.environ | {URL_VARIABLE: server.url},
            check=False,
        ).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except PostgresUnavailableError as error:
        sys.exit(str(error))
