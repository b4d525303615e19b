"""The pipeline worker: relays what happened here, consumes what concerns it."""

from services.pipeline import consumers
from services.pipeline.store import PipelineStore
from shared import worker

if __name__ == "__main__":
    worker.run(PipelineStore, consumers=consumers)
