"""The bell between the consumer and the sender of one worker process: something new may be due.

It only saves the wait; the sender looks by itself as well, and finds what other workers took in.
"""

import threading

_bell = threading.Event()


def ring() -> None:
    """Say that something may be due."""
    _bell.set()


def wait(seconds: float) -> bool:
    """Sleep until the bell rings or the time is up; whether it rang."""
    rang = _bell.wait(seconds)
    _bell.clear()
    return rang
