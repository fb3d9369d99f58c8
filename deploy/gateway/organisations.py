"""The gateway of a cluster: the routes of deploy/gateway/Caddyfile, once for each organisation, over its copies.

Source: https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_CADDYFILE = Path(__file__).with_name("Caddyfile")
_SITE = ":{$KETLUAN_GATEWAY_PORT} {\n\tbind {$KETLUAN_GATEWAY_BIND}\n"
_TLS = "\ttls /run/secrets/certificate /run/secrets/key {\n\t\tprotocols tls1.2 tls1.3\n\t}\n"
_TO_ONE = "\t\ttransport http {\n"
_TO_COPIES = """\
		lb_policy least_conn
		# A copy that ends between two checks refuses the connection, and nothing was sent yet.
		lb_try_duration 5s
		lb_try_interval 100ms
		fail_duration 2s
		health_uri /healthz
		health_interval 1s
		health_timeout 2s
		health_fails 2
"""
_BY_TLS = """\
			tls
			tls_trust_pool file /run/secrets/authority
"""


@dataclass(frozen=True, slots=True)
class Site:
    """An organisation as people reach it, and the `host:port` of each copy of its services."""

    public_url: str
    copies: Mapping[str, Sequence[str]]

    @property
    def host(self) -> str:
        """The name by which the gateway knows it."""
        return urlsplit(self.public_url).hostname or ""


def caddyfile(sites: Iterable[Site]) -> str:
    """The configuration of a gateway that speaks TLS at both sides.

    Raises:
        ValueError: two organisations have one host name.
    """
    shared, site, routes = _CADDYFILE.read_text(encoding="utf-8").partition(_SITE)
    if not site or _TO_ONE not in shared:
        raise ValueError("deploy/gateway/Caddyfile has another form than this expects")
    known = list(sites)
    if len({each.host for each in known}) < len(known):
        raise ValueError("two organisations have one host name; each needs its own")
    spread = shared.replace(_TO_ONE, _TO_COPIES + _TO_ONE + _BY_TLS)
    return spread + "\n".join(_site(each, routes) for each in known)


def _site(site: Site, routes: str) -> str:
    for service, copies in site.copies.items():
        routes = routes.replace(f"{{$KETLUAN_GATEWAY_{service.upper()}}}", " ".join(copies))
    routes = routes.replace("{env.KETLUAN_GATEWAY_PUBLIC_URL}", json.dumps(site.public_url))
    routes = routes.replace("{env.KETLUAN_GATEWAY_PUBLISHED}", '""')
    head = f"https://{site.host}:{{$KETLUAN_GATEWAY_PORT}} {{\n\tbind {{$KETLUAN_GATEWAY_BIND}}\n"
    return head + _TLS + routes
