"""The worker process: carries the service's news to Kafka; it listens to nobody."""

from services.tenants.store import TenantsStore
from shared.worker import run

if __name__ == "__main__":
    run(TenantsStore)
