"""How gunicorn serves a service: threads behind few processes, the application loaded once and forked."""

from __future__ import annotations

import os
from typing import Any

from shared.config import Settings

_settings = Settings.from_environment()

bind = f"{_settings.host}:{_settings.port}"
worker_class = "gthread"
workers = _settings.workers
threads = _settings.threads
preload_app = True
graceful_timeout = 30
timeout = 60
keepalive = 75
backlog = 512
_MEMORY = "/dev/shm"  # noqa: S108 (the heartbeat file must not wait for a disk)
worker_tmp_dir = _MEMORY if os.access(_MEMORY, os.W_OK) else None
loglevel = "warning"
proc_name = f"pelagic-{_settings.service}"
forwarded_allow_ips = "*"


def post_fork(_server: Any, _worker: Any) -> None:
    """Set up what belongs to one process: logs and the exporter's thread. The Mongo client comes at first use."""
    from shared import telemetry

    telemetry.configure(_settings)
