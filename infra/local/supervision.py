"""The supervisor of a stack: supervisord, configured from our programs and spoken to over its Unix socket.

supervisord keeps the processes and brings a crashed one back; we only say what to keep, and in which order to stop.
"""

import shlex
import subprocess
import sys
import time
import xmlrpc.client
from typing import Any

from supervisor.xmlrpc import Faults, SupervisorTransport

from infra.local.home import PROJECT, Home
from infra.local.processes import is_alive
from infra.local.program import Program
from infra.local.trouble import LaunchError

HEADER = """\
[supervisord]
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={run}/supervisord.pid
childlogdir={logs}
directory={project}
identifier=pelagic
nodaemon=true
minfds=1024

[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://{socket}
"""

PROGRAM = """
[program:{name}]
command={command}
environment={environment}
priority={stage}
autostart=false
autorestart=true
startsecs=1
startretries=30
stopsignal=TERM
stopwaitsecs={stop_wait}
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=1
"""

# A killed supervisor leaves its children behind; this variable in their environment is how they are found again.
MARK = "PELAGIC_STACK"
RUNNING, STARTING, BACKOFF, FATAL = "RUNNING", "STARTING", "BACKOFF", "FATAL"
ALIVE = {RUNNING, STARTING, BACKOFF, "STOPPING"}


def _escape(text: object) -> str:
    """supervisord expands `%`; ours are literal."""
    return str(text).replace("%", "%%")


def _environment(values: dict[str, str]) -> str:
    return ",".join(f'{name}="{_escape(value)}"' for name, value in sorted(values.items()))


def render(home: Home, programs: list[Program]) -> str:
    """supervisord's configuration for these programs."""
    places = {"logs": home.logs, "run": home.run, "project": PROJECT, "socket": home.socket}
    parts = [HEADER.format(**{key: _escape(value) for key, value in places.items()})]
    for each in sorted(programs, key=lambda program: (program.stage, program.name)):
        environment = _environment({**each.environ, MARK: str(home.root)})
        command = _escape(shlex.join(each.argv))
        log = _escape(each.log)
        fields = {"name": each.name, "stage": each.stage, "stop_wait": each.stop_wait}
        parts.append(PROGRAM.format(command=command, environment=environment, log=log, **fields))
    return "".join(parts)


class Supervisor:
    """The supervisord of one home, running or not."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.configuration = home.run / "supervisord.conf"

    @property
    def rpc(self) -> Any:
        """supervisord's own interface; a new connection each time, since a stopped one cannot be reused."""
        transport = SupervisorTransport(serverurl=f"unix://{self.home.socket}")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def is_running(self) -> bool:
        """Whether supervisord answers."""
        try:
            return bool(self.rpc.getState()["statename"] == RUNNING)
        except (OSError, xmlrpc.client.Error):
            return False

    def pid(self) -> int:
        """supervisord's process id."""
        return int(self.rpc.getPID())

    def apply(self, programs: list[Program]) -> None:
        """Make supervisord know exactly these programs, starting it if need be; starts none of them."""
        self.configuration.write_text(render(self.home, programs))
        self.configuration.chmod(0o600)
        if self.is_running():
            self._reload()
        else:
            self._launch()

    def _reload(self) -> None:
        added, changed, removed = self.rpc.reloadConfig()[0]
        for name in [*removed, *changed]:
            self.rpc.stopProcessGroup(name)
            self.rpc.removeProcessGroup(name)
        for name in [*added, *changed]:
            self.rpc.addProcessGroup(name)

    def _launch(self) -> None:
        """supervisord in a session of its own, so that it outlives the terminal."""
        self.home.socket.unlink(missing_ok=True)
        log = self.home.log("supervisord-start")
        with log.open("wb") as stream:
            command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(self.configuration)]
            process = subprocess.Popen(
                command, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL, cwd=PROJECT, start_new_session=True
            )
        deadline = time.monotonic() + 15
        while not self.is_running():
            if process.poll() is not None or time.monotonic() > deadline:
                raise LaunchError("supervisor", "supervisord did not start", log=log)
            time.sleep(0.05)

    def processes(self) -> dict[str, dict[str, Any]]:
        """What supervisord knows of each process, by name."""
        return {info["name"]: info for info in self.rpc.getAllProcessInfo()}

    def stages(self) -> dict[str, int]:
        """The stage of each process, as configured."""
        return {info["name"]: info["group_prio"] for info in self.rpc.getAllConfigInfo()}

    def start(self, name: str) -> None:
        """Start a process unless it runs; does not wait for it."""
        try:
            self.rpc.startProcess(name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.ALREADY_STARTED:
                raise

    def stop(self, names: list[str], within: float) -> None:
        """Stop these processes together and wait for the last; supervisord kills who overstays."""
        for name in names:
            try:
                self.rpc.stopProcess(name, False)
            except xmlrpc.client.Fault as fault:
                if fault.faultCode not in {Faults.NOT_RUNNING, Faults.BAD_NAME}:
                    raise
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            states = self.processes()
            if not any(states[name]["statename"] in ALIVE for name in names if name in states):
                return
            time.sleep(0.05)

    def shut_down(self) -> None:
        """End supervisord itself."""
        pid = self.pid()
        self.rpc.shutdown()
        deadline = time.monotonic() + 60
        while is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.home.socket.unlink(missing_ok=True)
