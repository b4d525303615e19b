"""The sender: looks for endpoints with something due and keeps a bounded number of lanes busy.

Two pools of threads: a lane whose endpoint is slow or failing moves to the second, so that however many
endpoints hang, those that answer are served. Tenants take turns within each.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import structlog

from services.webhooks import wake
from services.webhooks.delivery.client import Client
from services.webhooks.delivery.lane import MARGIN, RUN_SECONDS, UNSENT_PAUSE, LaneRun
from services.webhooks.domain.endpoint import Endpoint, EndpointState
from services.webhooks.domain.fairness import Due, fair_order
from services.webhooks.store import Lane, WebhooksStore, waiting
from shared.clock import now
from shared.errors import NotFound
from shared.mongo import PyMongoError
from shared.telemetry import bound

log = structlog.get_logger(__name__)

BUSY_POLL, IDLE_POLL = 0.05, 0.5
BUSY_FOR = 2.0
FAST_THREADS, SLOW_THREADS = 8, 8
HELD_ELSEWHERE = timedelta(seconds=1)


class Sender:
    """Sends the due deliveries of all tenants until told to stop."""

    def __init__(
        self, database: Any, *, allow_private: bool, client: Client | None = None, holder: str | None = None
    ) -> None:
        self._database = database
        self._client = client or Client(allow_private=allow_private)
        # The name outlives a restart, so that a killed worker takes its own lanes up again without waiting.
        self._holder = holder or socket.gethostname()
        self._lock = threading.Lock()
        self._running: set[str] = set()
        self._slow: set[str] = set()
        self._not_before: dict[str, datetime] = {}
        self._held: dict[str, tuple[str, Lane]] = {}
        self._pools = {
            False: ThreadPoolExecutor(FAST_THREADS, thread_name_prefix="webhook"),
            True: ThreadPoolExecutor(SLOW_THREADS, thread_name_prefix="webhook-slow"),
        }

    def run(self, stop: threading.Event) -> None:
        """Look, hand out, sleep; shortly while there is work, longer when there is none."""
        busy_until = 0.0
        while not stop.is_set():
            looked_at = time.monotonic()
            if self.look():
                busy_until = time.monotonic() + BUSY_FOR
            at = time.monotonic()
            # With very many endpoints waiting a look takes long: it never takes more than a fifth of the time.
            pause = max(BUSY_POLL if at < busy_until else IDLE_POLL, 4 * (at - looked_at))
            if wake.wait(pause):
                busy_until = time.monotonic() + BUSY_FOR
                # The consumer rings within its transaction: give it the moment to commit.
                stop.wait(BUSY_POLL / 5)

    def look(self) -> int:
        """Start a run for each endpoint that has something due and none running; how many started."""
        at = now()
        self._forget(at)
        started = [due for due in self._startable(waiting(self._database, at=at)) if self._start(due)]
        return len(started)

    def _forget(self, at: datetime) -> None:
        """Drop what has run out, so that endpoints of long ago take no memory."""
        for key, until in list(self._not_before.items()):
            if until <= at:
                self._not_before.pop(key, None)
        for key, (_, lane) in list(self._held.items()):
            if lane.leased_until <= at:
                self._held.pop(key, None)

    @property
    def busy(self) -> int:
        """How many lanes are running."""
        with self._lock:
            return len(self._running)

    def close(self) -> None:
        """Let running lanes end after their present attempt."""
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)
        self._client.close()
        for tenant_id, lane in self._held.values():
            WebhooksStore(self._database, tenant_id).lanes.release(lane, at=now())

    def _startable(self, found: Iterable[Due]) -> list[Due]:
        with self._lock:
            taken = self._running | self._not_before.keys()
        return fair_order(due for due in found if due.endpoint_id not in taken)

    def _start(self, due: Due) -> bool:
        """Hand a lane to its pool, unless the pool's threads are all taken: it is found again, in its turn."""
        with self._lock:
            slow = due.endpoint_id in self._slow
            room = SLOW_THREADS if slow else FAST_THREADS
            in_pool = len(self._running & self._slow) if slow else len(self._running - self._slow)
            if in_pool >= room:
                return False
            self._running.add(due.endpoint_id)
        self._pools[slow].submit(self._travel, due)
        return True

    def _travel(self, due: Due) -> None:
        try:
            with bound(tenant_id=due.tenant_id):
                self._run_lane(WebhooksStore(self._database, due.tenant_id), due.endpoint_id)
        except PyMongoError as failure:
            log.warning("lane_waits", endpoint_id=due.endpoint_id, reason=type(failure).__name__)
            self._leave(due.endpoint_id, HELD_ELSEWHERE)
        except Exception:
            # A fault in one lane must not end the others; its lease expires and it is tried again.
            log.exception("lane_failed", endpoint_id=due.endpoint_id)
            self._leave(due.endpoint_id, UNSENT_PAUSE)
        finally:
            with self._lock:
                self._running.discard(due.endpoint_id)

    def _run_lane(self, store: WebhooksStore, endpoint_id: str) -> None:
        endpoint = self._deliverable(store, endpoint_id)
        if endpoint is None:
            return
        lane = self._lane(store, endpoint_id)
        if lane is None:
            self._leave(endpoint_id, HELD_ELSEWHERE)
            return
        run = LaneRun(store, self._client, lane, endpoint)
        try:
            run.go(time.monotonic() + RUN_SECONDS)
        finally:
            self._after(store, lane, slow=run.slow)

    def _lane(self, store: WebhooksStore, endpoint_id: str) -> Lane | None:
        """The endpoint's lane: still ours from the last run, or leased anew; None while another worker has it."""
        at = now()
        _, lane = self._held.get(endpoint_id, ("", None))
        if lane is None or lane.leased_until - at < MARGIN:
            lane = store.lanes.lease(endpoint_id, self._holder, at=at)
        if lane is not None:
            self._held[endpoint_id] = (store.tenant_id, lane)
        return lane

    def _after(self, store: WebhooksStore, lane: Lane, *, slow: bool) -> None:
        """A healthy lane is kept until its lease runs out; a failing one is given back with its health."""
        with self._lock:
            (self._slow.add if slow or lane.failures else self._slow.discard)(lane.endpoint_id)
        if lane.failures:
            self._held.pop(lane.endpoint_id, None)
            store.lanes.release(lane, at=now())
        if lane.resting_until is not None:
            self._leave(lane.endpoint_id, lane.resting_until - now())

    def _deliverable(self, store: WebhooksStore, endpoint_id: str) -> Endpoint | None:
        """The endpoint, if anything may be sent to it; what is pending waits for a disabled one to return."""
        try:
            endpoint = store.endpoint(endpoint_id)
        except NotFound:
            store.deliveries.cancel_all(endpoint_id, at=now())
            return None
        if endpoint.state is not EndpointState.ENABLED:
            self._leave(endpoint_id, UNSENT_PAUSE)
            return None
        return endpoint

    def _leave(self, endpoint_id: str, pause: timedelta) -> None:
        self._not_before[endpoint_id] = now() + pause
