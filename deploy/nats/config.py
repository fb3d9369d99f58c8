"""The configuration of nats-server, as text."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.nats.permissions import REPAIR, USERS, User

MAX_PAYLOAD_BYTES = 8 * 1024 * 1024
"""Largest event. MeetingConcluded of a large notice comes near it; intake refuses a notice that would exceed it."""


def configuration(listen: str, store: Path, passwords: Mapping[str, str]) -> str:
    """A server of one machine that says "stored" only when the disk has it.

    `listen` is `address:port`; `passwords` holds one for each user of the table of permissions, and one for `repair`
    where a repair is what it is started for.
    """
    return _server(listen, store, {name: json.dumps(password) for name, password in passwords.items()})


def container_configuration(*, repairs: bool = False) -> str:
    """The same server in a container. A secret file that the configuration includes holds the passwords as variables.
    `repairs` is for a server that is started for a repair and nothing else.

    Source: https://docs.nats.io/running-a-nats-service/configuration#variables
    """
    included = (
        "# The table of deploy/nats/permissions.py: python -m deploy.nats.config\ninclude run/secrets/nats-passwords\n"
    )
    users = (*USERS, REPAIR) if repairs else USERS
    return included + _server("0.0.0.0:4222", Path("/log"), {user.name: f"${user.name}_password" for user in users})


def _server(listen: str, store: Path, passwords: Mapping[str, str]) -> str:
    known = (*USERS, REPAIR) if REPAIR.name in passwords else USERS
    users = ",\n    ".join(_user(user, passwords[user.name]) for user in known)
    return f"""\
server_name: ketluan
listen: {json.dumps(listen)}
max_payload: {MAX_PAYLOAD_BYTES}
write_deadline: "10s"
jetstream {{
  store_dir: {json.dumps(str(store), ensure_ascii=False)}
  sync_interval: always
}}
authorization {{
  users: [
    {users}
  ]
}}
"""


def _user(user: User, password: str) -> str:
    permissions = {"publish": {"allow": list(user.publish)}, "subscribe": {"allow": list(user.subscribe)}}
    return f'{{"user": {json.dumps(user.name)}, "password": {password}, "permissions": {json.dumps(permissions)}}}'


if __name__ == "__main__":
    sys.stdout.write(container_configuration(repairs=sys.argv[1:] == ["repair"]))
