"""The configuration of nats-server, as text."""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.nats.permissions import REPAIR, USERS, User

MAX_PAYLOAD_BYTES = 8 * 1024 * 1024
"""Largest event. MeetingConcluded of a large notice comes near it; intake refuses a notice that would exceed it."""


KEYS_FILE = "nats-users"
"""Name of the file of public keys beside a container's configuration."""


def configuration(listen: str, store: Path, keys: Mapping[str, str]) -> str:
    """A server of one machine that says "stored" only when the disk has it.

    `listen` is `address:port`; `keys` holds the public key of each user of the table of permissions, and of `repair`
    where a repair is what it is started for. Nothing in it is a secret.
    """
    return _server(listen, store) + authorization(keys)


def container_configuration(*, repairs: bool = False) -> str:
    """The same server in a container. A file beside it, which the configuration includes, holds the public keys as
    variables. `repairs` is for a server that is started for a repair and nothing else.

    Source: https://docs.nats.io/running-a-nats-service/configuration#variables
    """
    included = f"# The table of deploy/nats/permissions.py: python -m deploy.nats.config\ninclude {KEYS_FILE}\n"
    users = (*USERS, REPAIR) if repairs else USERS
    return included + _server("0.0.0.0:4222", Path("/log")) + authorization({u.name: f"${u.name}_key" for u in users})


def key_variables(keys: Mapping[str, str]) -> str:
    """The file that `container_configuration` includes, given the public key of each user."""
    return "".join(f"{name}_key: {key}\n" for name, key in keys.items())


def authorization(keys: Mapping[str, str]) -> str:
    """Who may connect, and what each may do; `keys` as for `configuration`."""
    users = (*USERS, REPAIR) if REPAIR.name in keys else USERS
    return f"authorization {{\n  users: [\n{user_rows(users, keys)}  ]\n}}\n"


def user_rows(users: Iterable[User], keys: Mapping[str, str]) -> str:
    """A line for each user, who is known by a public key."""
    return "".join(f"    {_user(user, keys[user.name])}\n" for user in users)


def _server(listen: str, store: Path) -> str:
    return f"""\
server_name: ketluan
listen: {json.dumps(listen)}
max_payload: {MAX_PAYLOAD_BYTES}
write_deadline: "10s"
jetstream {{
  store_dir: {json.dumps(str(store), ensure_ascii=False)}
  sync_interval: always
}}
"""


def _user(user: User, key: str) -> str:
    permissions = {"publish": {"allow": list(user.publish)}, "subscribe": {"allow": list(user.subscribe)}}
    return f'{{"nkey": {key}, "permissions": {json.dumps(permissions)}}} # {user.name}'


if __name__ == "__main__":
    sys.stdout.write(container_configuration(repairs=sys.argv[1:] == ["repair"]))
