"""The id of an organisation, by which its part of NATS and PostgreSQL is named."""

import re

_ID = re.compile(r"[a-z]([a-z0-9]|-(?!-)){0,38}[a-z0-9]")


def checked(identity: str) -> str:
    """The id of an organisation, or "" where one machine has but one.

    Raises:
        ValueError: it is none: 2 to 40 lower-case letters, digits and single hyphens, such as so-khcn.
    """
    if identity and not _ID.fullmatch(identity):
        raise ValueError(
            f"{identity!r} is no id of an organisation: 2 to 40 lower-case letters, digits and single hyphens"
        )
    return identity
