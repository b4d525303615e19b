"""The accounts worker: relays what happened here, creates what converted leads promised."""

from services.accounts import consumers
from services.accounts.store import AccountsStore
from shared import worker

if __name__ == "__main__":
    worker.run(AccountsStore, consumers=consumers)
