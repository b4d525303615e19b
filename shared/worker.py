"""A service's worker process: relay, consumer and jobs, each in a thread, drained on SIGTERM."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import structlog
from pymongo.database import Database
from pymongo.errors import PyMongoError

from shared import outbox, telemetry
from shared.broker import KafkaError
from shared.clock import now
from shared.config import Settings
from shared.consumer import Consumer, Subscription
from shared.health import serve_health
from shared.mongo import Mongo, connect
from shared.relay import Relay
from shared.store import Store
from shared.tenancy import Document

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 25.0
NICENESS = 10
"""Somebody waits for the API's answer; on a machine that is fully used the news may be a moment later."""
PARKED_EVERY = 1.0
HOUSEKEEPING_EVERY = 600.0


@dataclass(frozen=True)
class Context:
    """What a job works with; a job that loops itself looks at `stop`."""

    mongo: Mongo
    database: Database[Document]
    settings: Settings
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Job:
    """Work repeated `every_seconds`, in its own thread, until the worker stops."""

    name: str
    every_seconds: float
    work: Callable[[Context], Any]


def run(store: type[Store], *, consumers: Any = None, jobs: Sequence[Job] = ()) -> None:
    """Be the worker of `store`'s service until SIGTERM or SIGINT."""
    os.nice(NICENESS)
    settings = Settings.from_environment()
    telemetry.configure(settings, worker=True)
    mongo = connect(settings.mongo_url, name=f"pelagic-{store.service}-worker")
    context = Context(mongo, mongo.database(store.service), settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stopper(context.stop))
    threads = start(context, store, consumers=consumers, jobs=jobs, member=socket.gethostname())
    if settings.health_port is not None:
        serve_health(settings, ready=mongo.ping)
    log.info("worker_started", threads=[thread.name for thread in threads])
    context.stop.wait()
    drain(threads)
    mongo.close()
    log.info("worker_stopped")


def start(
    context: Context, store: type[Store], *, consumers: Any, jobs: Sequence[Job], member: str
) -> list[threading.Thread]:
    """Start the threads of a worker; they end once `context.stop` is set."""
    kafka, database = context.settings.kafka, context.database
    replication = context.settings.kafka_replication
    relay = Relay(database, store.service, kafka, member, replication=replication)
    work: list[tuple[str, Callable[[], Any]]] = [("relay", lambda: relay.run(context.stop))]
    repeated = [*jobs, Job("housekeeping", HOUSEKEEPING_EVERY, _housekeeping)]
    if consumers is not None:
        subscription = Subscription.of(store.service, consumers)
        consumer = Consumer(database, store, subscription, kafka, member)
        work.append(("consumer", lambda: consumer.run(context.stop)))
        repeated.append(Job("parked", PARKED_EVERY, lambda ctx: consumer.retry_parked(ctx.stop)))
    work += [(job.name, lambda job=job: _repeat(job, context)) for job in repeated]  # type: ignore[misc]
    threads = [threading.Thread(target=target, name=name, daemon=True) for name, target in work]
    for thread in threads:
        thread.start()
    return threads


def drain(threads: Sequence[threading.Thread]) -> None:
    """Wait for threads to finish what they are doing; those that do not are named in the log."""
    until = time.monotonic() + DRAIN_SECONDS
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    left = [thread.name for thread in threads if thread.is_alive()]
    if left:
        log.warning("worker_left_behind", threads=left)


def _repeat(job: Job, context: Context) -> None:
    while not context.stop.is_set():
        try:
            job.work(context)
        except (PyMongoError, KafkaError, OSError) as failure:
            log.warning("job_waits", job=job.name, reason=type(failure).__name__)
        except Exception:
            # One bad round of a job must not end the worker's other work; it is tried again.
            log.exception("job_failed", job=job.name)
        context.stop.wait(job.every_seconds)


def _housekeeping(context: Context) -> None:
    while outbox.forget_superseded(context.database, at=now()) and not context.stop.is_set():
        continue


def _stopper(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    return handle
