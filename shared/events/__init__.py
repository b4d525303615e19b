"""The platform's one vocabulary of facts: an envelope, and one module of events per publishing service."""

from shared.events.envelope import EVENTS, Envelope, Event

__all__ = ["EVENTS", "Envelope", "Event"]
