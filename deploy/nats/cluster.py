"""The configuration of the nodes of a JetStream cluster that serves several organisations, as text.

An organisation is an account: what is in one cannot even be named from another. The account WITNESS keeps a copy of
each organisation's log; nobody of an organisation may write there, nor see that it is there. No file of these holds a
secret: NKeys are public here, and private keys of certificates are files of their own.

Source: https://docs.nats.io/running-a-nats-service/configuration/clustering/cluster_config,
https://docs.nats.io/running-a-nats-service/configuration/securing_nats/accounts
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.nats.children import exports_to_parent, imports_of_children
from deploy.nats.config import MAX_PAYLOAD_BYTES, user_rows
from deploy.nats.permissions import REPAIR, USERS, User
from deploy.nats.witness import (
    exports_to_witness,
    imports_of_witness,
    witness_users,
)
from shared.organisation import checked

CLUSTER = "ketluan"
WITNESS = "WITNESS"
SYSTEM = "SYS"


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where a node finds its certificate, its private key, and the certificate of the authority, all as PEM. The
    certificate names the host by which clients and other nodes reach it."""

    certificate: Path
    key: Path
    authority: Path


@dataclass(frozen=True, slots=True)
class Node:
    """A node by its name, `address:port` for clients and for other nodes, and the folder of its part of the streams.
    `monitor` is `address:port` at which it tells its health to whoever asks, "" for none; `advertised` is the
    `host:port` by which other nodes reach it, since by an address alone its certificate proves nothing."""

    name: str
    listen: str
    routes: str
    store: Path
    monitor: str = ""
    advertised: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """The public keys of all users: of each organisation by the rows of the table of permissions, of the WITNESS by
    `deploy.nats.witness.witness_users`, and of whoever operates the servers. `parents` are the organisations that hear
    the summary of another, by that other."""

    organisations: Mapping[str, Mapping[str, str]]
    witness: Mapping[str, str]
    system: str
    parents: Mapping[str, str] = field(default_factory=dict)


def account(organisation: str) -> str:
    """Name of an organisation's account."""
    return f"ORG_{checked(organisation)}"


def node_configuration(node: Node, routes: Sequence[str], keys: Keys, certificate: Certificate | None) -> str:
    """What one node is started with. `routes` are `host:port` of every node for the others.

    Without a certificate nothing is encrypted, and any other node is believed: for nodes that only one another reach.
    """
    monitor = f"http: {json.dumps(node.monitor)}\n" if node.monitor else ""
    return f"""\
server_name: {json.dumps(node.name)}
listen: {json.dumps(node.listen)}
{monitor}max_payload: {MAX_PAYLOAD_BYTES}
write_deadline: "10s"
jetstream {{
  store_dir: {json.dumps(str(node.store), ensure_ascii=False)}
  sync_interval: always
}}
{clients_tls(certificate)}{cluster(node.routes, routes, certificate, node.advertised)}{accounts(keys)}"""


def clients_tls(certificate: Certificate | None) -> str:
    """That nobody is answered but by TLS, which begins before the server's greeting."""
    if certificate is None:
        return ""
    return f'tls {{\n{_files(certificate)}  handshake_first: true\n  min_version: "1.3"\n}}\n'


def cluster(listen: str, routes: Iterable[str], certificate: Certificate | None, advertised: str = "") -> str:
    """How a node is one of several. Only a certificate for one of the hosts in `routes` makes another a node, and
    clients are told of no other addresses than those they know."""
    authenticated = (
        f'  tls {{\n  {_files(certificate)}    verify_cert_and_check_known_urls: true\n    min_version: "1.3"\n  }}\n'
        if certificate
        else ""
    )
    known = json.dumps([f"nats://{route}" for route in routes])
    name = f"  advertise: {json.dumps(advertised)}\n" if advertised else ""
    return f"""\
cluster {{
  name: {CLUSTER}
  listen: {json.dumps(listen)}
  no_advertise: true
{name}  routes: {known}
{authenticated}}}
"""


def _users(keys: Mapping[str, str]) -> tuple[User, ...]:
    """The users of an organisation; `repair` too while nothing else runs and the log may be written as a whole."""
    return (*USERS, REPAIR) if REPAIR.name in keys else USERS


def accounts(keys: Keys) -> str:
    """Who may connect, to which account, and what each may do there."""
    parts = [
        f"  {account(name)} {{\n"
        "    jetstream: enabled\n"
        f"    users: [\n{user_rows(_users(of_its_users), of_its_users)}    ]\n"
        f"    exports: {json.dumps(_exports(name, keys))}\n"
        f"    imports: {json.dumps(_imports(name, keys))}\n"
        "  }\n"
        for name, of_its_users in sorted(keys.organisations.items())
    ]
    everybody = sorted(keys.organisations)
    imported = [each for name in everybody for each in imports_of_witness(name, account(name))]
    return (
        "accounts {\n" + "".join(parts) + f"  {WITNESS} {{\n"
        "    jetstream: enabled\n"
        f"    users: [\n{user_rows(witness_users(everybody), keys.witness)}    ]\n"
        f"    imports: {json.dumps(imported)}\n"
        "  }\n"
        f'  {SYSTEM} {{\n    users: [{{"nkey": {keys.system}}}]\n  }}\n'
        "}\n"
        f"system_account: {SYSTEM}\n"
    )


def _exports(organisation: str, keys: Keys) -> list[dict[str, Any]]:
    parent = keys.parents.get(organisation)
    return exports_to_witness(organisation) + (exports_to_parent(account(parent)) if parent else [])


def _imports(organisation: str, keys: Keys) -> list[dict[str, Any]]:
    return imports_of_children({child: account(child) for child, of in keys.parents.items() if of == organisation})


def _files(certificate: Certificate) -> str:
    named = {"cert_file": certificate.certificate, "key_file": certificate.key, "ca_file": certificate.authority}
    return "".join(f"  {name}: {json.dumps(str(path), ensure_ascii=False)}\n" for name, path in named.items())
