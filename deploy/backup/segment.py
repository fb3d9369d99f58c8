"""Gives a kept segment of PostgreSQL's write-ahead log back. Run as a script; imports nothing of the project.

    segment.py KEPT TARGET

KEPT is a gzip file. Ends with 1 where there is none, by which PostgreSQL knows that there are no more.

Source: https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-PITR-RECOVERY
"""

import gzip
import shutil
import sys


def main() -> None:
    """Unpacks the one file to the other."""
    kept, target = sys.argv[1:3]
    try:
        with gzip.open(kept) as packed, open(target, "wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    except FileNotFoundError:
        sys.exit(1)


if __name__ == "__main__":
    main()
