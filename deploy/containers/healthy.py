"""Asks the service of this container whether it can do its work. A health check: it says so by its exit code."""

import os
import sys
import urllib.error
import urllib.request

_PATIENCE_SECONDS = 4


def main() -> None:
    """Exits with 0 when the service is ready."""
    try:
        # The operations port is plain on 127.0.0.1, whatever the service itself speaks.
        port = os.environ.get("KETLUAN_OPERATIONS_PORT") or os.environ["KETLUAN_PORT"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=_PATIENCE_SECONDS) as answer:
            sys.stdout.write(answer.read().decode())
    except urllib.error.HTTPError as answer:
        sys.exit(answer.read().decode())
    except OSError as error:
        sys.exit(f"the service does not answer: {error}")


if __name__ == "__main__":
    main()
