"""Up and down: start everything in order and say so, or leave nothing running and say why."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from infra.catalogue import Ports
from infra.local import envoy, kafka, leftovers, ports, samples, servers
from infra.local.home import PROJECT, Home
from infra.local.program import Program
from infra.local.progress import say, show_choices, step
from infra.local.stack import Stack, forget, recall
from infra.local.supervision import ALIVE, Supervisor
from infra.local.trouble import LaunchError
from infra.local.waiting import READY_SECONDS, answers_at_all, answers_ok, until_ready

MIGRATION_SECONDS = 120


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Only one `up` or `down` works in a home at a time; a second waits."""
    home.prepare()
    with (home.root / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def up(home: Home, base: int | None, *, seed: bool = True) -> Stack:
    """Bring the whole stack of this home up; what already runs stays as it is."""
    with alone(home):
        supervisor = Supervisor(home)
        fresh = not supervisor.is_running()
        try:
            stack = _chosen(home, base, fresh)
            _start(stack, supervisor, fresh)
            if seed:
                samples.seed_once(home, stack.address)
        except BaseException:
            if fresh:
                stop(home)
            raise
    return stack


def _chosen(home: Home, base: int | None, fresh: bool) -> Stack:
    """A running stack keeps its servers and ports; a new one chooses."""
    running = None if fresh else recall(home)
    if running:
        if base not in (None, running.ports.base):
            raise LaunchError("ports", f"a stack already runs here on base {running.ports.base}", advice="pelagic down")
        return running
    leftovers.end(home)
    places = Ports(base)
    return Stack(home, places, servers.choose(places))


def _start(stack: Stack, supervisor: Supervisor, fresh: bool) -> None:
    if not fresh and all_running(supervisor) and not _unready(stack):
        say("  Everything is already up.")
        return
    show_choices(stack.choices)
    if fresh:
        _refuse_taken_ports(stack)
    for choice in stack.choices.values():
        if not choice.ours and choice.part != "envoy":
            servers.await_external(choice)
    programs = _prepare(stack)
    supervisor.apply(programs)
    stack.remember()
    _start_servers(stack, supervisor)
    with step("Migrate databases and topics"):
        migrate(stack)
    _start_platform(stack, supervisor, programs)


def _prepare(stack: Stack) -> list[Program]:
    if stack.choices["kafka"].kind == "apache" and not (kafka.jars(stack.home) / "complete").exists():
        with step(f"Fetch Apache Kafka {kafka.version()} from Maven Central"):
            kafka.fetch(stack.home)
    with step("Prepare keys, storage and the gateway's configuration"):
        programs = stack.programs()
        if stack.choices["envoy"].ours:
            envoy.write_configuration(stack.home, stack.ports)
    return programs


def _refuse_taken_ports(stack: Stack) -> None:
    ours = {choice.part for choice in stack.choices.values() if choice.ours}
    external = {part for part in stack.choices if part not in ours}
    for name, port in stack.ports.every().items():
        if name.split("-")[0] not in external and not ports.is_free(port):
            advice = "Stop what listens there, or move everything: pelagic up --port-base 18000."
            raise LaunchError(name, f"port {port} is taken by another program", advice=advice)


def _start_servers(stack: Stack, supervisor: Supervisor) -> None:
    names = [choice.part for choice in stack.servers]
    if not names:
        return
    patience = max(servers.start_seconds(choice.kind) for choice in stack.servers)
    with step(f"Start {', '.join(names)}"):
        for name in names:
            supervisor.start(name)
        checks = {name: partial(servers.ready, name, stack.port(name)) for name in names}
        until_ready(stack, supervisor, checks, patience)


def migrate(stack: Stack) -> None:
    """Run the migrations in a process of their own, as a cluster does."""
    log = stack.home.log("migrate")
    surroundings = {**os.environ, **stack.environment()}
    with log.open("w") as stream:
        command = [sys.executable, "-m", "infra.migrate"]
        try:
            done = subprocess.run(
                command,
                stdout=stream,
                stderr=stream,
                env=surroundings,
                cwd=PROJECT,
                timeout=MIGRATION_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise LaunchError("migrate", f"took longer than {MIGRATION_SECONDS} s", log=log) from None
    if done.returncode:
        raise LaunchError("migrate", "the migrations failed", log=log, advice="Mend what the log names, then up again.")


def _start_platform(stack: Stack, supervisor: Supervisor, programs: list[Program]) -> None:
    health = stack.health()
    checks: dict[str, Callable[[], bool]] = {name: partial(answers_ok, url) for name, url in health.items()}
    if stack.choices["envoy"].ours:
        checks["envoy"] = partial(answers_ok, f"{stack.address}/readyz")
    with step(f"Start {len(health)} processes of the platform and the gateway"):
        for program in sorted(programs, key=lambda each: each.stage):
            supervisor.start(program.name)
        until_ready(stack, supervisor, checks, READY_SECONDS)
    if not answers_at_all(stack.address):
        raise LaunchError("envoy", f"nothing answers at {stack.address}")


def all_running(supervisor: Supervisor) -> bool:
    """Whether supervisord says that every process runs."""
    return all(info["statename"] == "RUNNING" for info in supervisor.processes().values())


def _unready(stack: Stack) -> list[str]:
    return [name for name, url in stack.health().items() if not answers_ok(url)]


def down(home: Home) -> int:
    """Stop what `up` started in this home; how many processes there were."""
    with alone(home):
        return stop(home)


def stop(home: Home) -> int:
    """Edge first, then APIs, workers and servers, each draining; then supervisord; then whoever was left behind."""
    supervisor = Supervisor(home)
    stopped = 0
    if supervisor.is_running():
        stopped = _stop_in_order(supervisor)
        supervisor.shut_down()
    stopped += leftovers.end(home)
    forget(home)
    return stopped


def _stop_in_order(supervisor: Supervisor) -> int:
    alive = {name: info for name, info in supervisor.processes().items() if info["statename"] in ALIVE}
    stages = supervisor.stages()
    for stage in sorted(set(stages.values()), reverse=True):
        names = [name for name in alive if stages.get(name, 0) == stage]
        if names:
            started = time.monotonic()
            supervisor.stop(names, within=60)
            say(f"  stopped {', '.join(sorted(names))} [dim]{time.monotonic() - started:.1f} s[/]")
    return len(alive)
