"""The leads worker: relays what happened here, consumes what concerns it."""

from services.leads import consumers
from services.leads.store import LeadsStore
from shared import worker

if __name__ == "__main__":
    worker.run(LeadsStore, consumers=consumers)
