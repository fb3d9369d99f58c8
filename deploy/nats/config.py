"""The configuration of nats-server, as text."""

import json
from collections.abc import Mapping
from pathlib import Path

from deploy.nats.permissions import USERS, User

MAX_PAYLOAD_BYTES = 8 * 1024 * 1024
"""Largest event; MeetingConcluded of the largest notice is about 3 MB."""


def configuration(listen: str, store: Path, passwords: Mapping[str, str]) -> str:
    """A server of one machine that says "stored" only when the disk has it.

    `listen` is `address:port`; `passwords` holds one for each user of the table of permissions.
    """
    users = ",\n    ".join(_user(user, passwords[user.name]) for user in USERS)
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
    return json.dumps({"user": user.name, "password": password, "permissions": permissions})
