"""The webhooks worker: relay, consumer of every topic, and the sender."""

from services.webhooks import consumers
from services.webhooks.delivery.sender import Sender
from services.webhooks.store import WebhooksStore
from shared.worker import Context, Job, run


def send(context: Context) -> None:
    """Send what is due until the worker stops."""
    sender = Sender(context.database, allow_private=context.settings.webhooks_allow_private)
    try:
        sender.run(context.stop)
    finally:
        sender.close()


JOBS = [Job("sender", 1.0, send)]


def main() -> None:
    """Be the worker process."""
    run(WebhooksStore, consumers=consumers, jobs=JOBS)


if __name__ == "__main__":
    main()
