"""Ask the process of this container whether it lives; ends with 1 when it does not.

    python -m infra.healthcheck

Where to ask comes from the same environment as the process: a worker's health port, else the API's port.
"""

import sys
from http.client import HTTPConnection, HTTPException

from shared.config import Settings


def lives(port: int) -> bool:
    """Whether the process on `port` answers its liveness path with 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def main() -> None:
    """Answer Docker's question by the exit status."""
    settings = Settings.from_environment()
    sys.exit(0 if lives(settings.health_port or settings.port) else 1)


if __name__ == "__main__":
    main()
