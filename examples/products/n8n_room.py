"""A room with the real n8n in it: installed from the npm registry, with our node, and no screen.

n8n is not among what askfirst needs, and is large (about 3 GB), so it has a folder for itself.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from player import Answer, ask
from servers import free_port, running

N8N = "2.40.7"
NODE, NODE_MAJOR = "24.22.3", 24
PACKAGE = Path(__file__).resolve().parents[1] / "n8n-nodes-askfirst"
LOCK = "package-lock.json"
WORKFLOWS = Path(__file__).resolve().parent / "n8n"
# Nothing of it calls home, and nothing listens on another address than this machine's own.
QUIET = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_LICENSE_AUTO_RENEW_ENABLED": "false",
    "N8N_UNVERIFIED_PACKAGES_ENABLED": "true",
    "N8N_BLOCK_ENV_ACCESS_IN_NODE": "false",
    "N8N_DISABLED_MODULES": "mcp-registry",
    "N8N_LISTEN_ADDRESS": "127.0.0.1",
}
# n8n wants somebody to belong to.
OWNER = {
    "email": "owner@example.com",
    "firstName": "Owner",
    "lastName": "Of This Run",
    "password": "For1RunOnly",
}


class Room:
    """Where n8n is. `home` is fresh in each run."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder.resolve(), home
        self.path = os.environ["PATH"]
        self.settings: dict[str, str] = {}
        self._session = ""

    def prepare(self) -> None:
        """Install what is not there; build our node, hold it to n8n's rules, bring it in."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._have_node()
        if self._version_there() != N8N:
            self._npm("install", "--ignore-scripts", f"n8n@{N8N}", of="n8n")
        if not list(self.folder.glob("n8n/node_modules/sqlite3/build/**/*.node")):
            self._npm("rebuild", "sqlite3", of="n8n")
        self._bring_node_in(self._packed())

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of n8n's, such as `execute`."""
        return subprocess.run(  # noqa: S603 - what was installed here, with arguments of our own
            [*self._n8n(), *command],
            env=self._environment(),
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
        )

    def import_all(self, credentials: list[dict[str, Any]]) -> None:
        """Bring in the credentials, and all workflows."""
        file = self.home / "credentials.json"
        file.write_text(json.dumps(credentials), encoding="utf-8")
        for what in (
            ("import:credentials", f"--input={file}"),
            ("import:workflow", "--separate", f"--input={WORKFLOWS}"),
        ):
            done = self.run(*what)
            if done.returncode != 0:
                raise SystemExit(done.stdout + done.stderr)

    def execute(self, workflow: str) -> dict[str, Any]:
        """Run a workflow; gives what each node had last: its items by output, or its error."""
        done = self.run("execute", f"--id={workflow}", "--rawOutput")
        start = done.stdout.find("{")
        if start < 0:
            raise SystemExit(done.stdout + done.stderr)
        result = json.JSONDecoder().raw_decode(done.stdout[start:])[0]
        runs = result["data"]["resultData"]["runData"]
        return {name: _outcome(all_runs[-1]) for name, all_runs in runs.items()}

    def publish(self, workflow: str) -> None:
        """Let a workflow with a trigger run from the next start on."""
        done = self.run("publish:workflow", f"--id={workflow}")
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)

    def test_credential(self, server: str, credential: dict[str, Any]) -> dict[str, Any]:
        """Press the button that tests a credential; gives `status`, and `message` if it fails."""
        if not self._session:
            setup = self._post(f"{server}/rest/owner/setup", OWNER)
            self._session = setup.headers["set-cookie"].partition(";")[0]
        body = {"credentials": credential}
        answer = self._post(f"{server}/rest/credentials/test", body)
        tested: dict[str, Any] = json.loads(answer.body)["data"]
        return tested

    def deactivate(self, server: str, workflow: str) -> None:
        """Switch a workflow off, as the owner who tested a credential before."""
        self._post(f"{server}/rest/workflows/{workflow}/deactivate", {})

    def _post(self, url: str, body: object) -> Answer:
        headers = {"content-type": "application/json", "cookie": self._session}
        answer = ask("POST", url, headers, json.dumps(body).encode())
        if answer.status != HTTPStatus.OK:
            raise SystemExit(f"{url}: {answer.body.decode()}")
        return answer

    @contextmanager
    def started(self) -> Iterator[str]:
        """Run n8n's server while the block runs; gives its address."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        of_server = {"N8N_PORT": str(port), "N8N_WEBHOOK_URL": address}
        environment = self._environment() | of_server
        with running(
            [*self._n8n(), "start"], self.home, environment, f"{address}/healthz/readiness"
        ):
            yield address

    def executions(self, workflow: str) -> list[str]:
        """Return the states of what a workflow was run for, the oldest first."""
        file = self.home / ".n8n" / "database.sqlite"
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            rows = database.execute(
                'SELECT status FROM execution_entity WHERE "workflowId" = ? ORDER BY id',
                (workflow,),
            )
            return [str(state) for (state,) in rows]

    def _n8n(self) -> list[str]:
        return [
            str(self._node()),
            str(self.folder / "n8n" / "node_modules" / "n8n" / "bin" / "n8n"),
        ]

    def _node(self) -> Path:
        found = shutil.which("node", path=self.path)
        if found is None:
            raise SystemExit("Node.js is not installed: scripts/system_packages.sh node")
        return Path(found)

    def _have_node(self) -> None:
        """Use the machine's Node.js where it is new enough for n8n, else one from the registry."""
        command = [str(self._node()), "--version"]
        said = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        if int(said.stdout.removeprefix("v").split(".")[0]) >= NODE_MAJOR:
            return
        machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
        name = f"node-{platform.system().lower()}-{machine}"
        home = self.folder / "node" / "node_modules" / name
        if not home.exists():
            self._npm("install", f"{name}@{NODE}", of="node")
        self.path = f"{home / 'bin'}:{self.path}"
        self.settings["npm_config_nodedir"] = str(home)

    def _version_there(self) -> str:
        said = self.folder / "n8n" / "node_modules" / "n8n" / "package.json"
        return str(json.loads(said.read_bytes())["version"]) if said.exists() else ""

    def _packed(self) -> Path:
        folder = self.folder / "package"
        lock = folder / LOCK
        is_locked_so = lock.exists() and lock.read_bytes() == (PACKAGE / LOCK).read_bytes()
        kept = shutil.ignore_patterns("node_modules", "dist")
        shutil.copytree(PACKAGE, folder, ignore=kept, dirs_exist_ok=True)
        if not is_locked_so or not (folder / "node_modules").exists():
            self._npm("ci", of="package")
        for step in ("lint", "test"):
            self._npm("run", step, of="package")
        said = self._npm("pack", "--silent", of="package")
        return folder / said.strip().splitlines()[-1]

    def _bring_node_in(self, packed: Path) -> None:
        """As n8n does: without scripts, and without what the package only needs to be built."""
        nodes = self.home / ".n8n" / "nodes"
        nodes.mkdir(parents=True)
        (nodes / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        self._npm("install", "--ignore-scripts", "--legacy-peer-deps", str(packed), within=nodes)

    def _npm(self, *command: str, of: str = "", within: Path | None = None) -> str:
        folder = within or self.folder / of
        folder.mkdir(exist_ok=True)
        if not (folder / "package.json").exists():
            (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        done = subprocess.run(  # noqa: S603 - npm, with arguments of our own
            ["npm", *command, "--no-audit", "--no-fund"],  # noqa: S607 - the machine's, or ours
            cwd=folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"npm {' '.join(command)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        at = {"PATH": self.path, "N8N_USER_FOLDER": str(self.home)}
        return (
            os.environ | QUIET | at | {"N8N_RUNNERS_BROKER_PORT": str(free_port())} | self.settings
        )


def _outcome(run: dict[str, Any]) -> Any:
    if "error" in run:
        return run["error"]
    return [[item["json"] for item in items or []] for items in run["data"]["main"]]
