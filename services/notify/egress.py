"""Requests to addresses that somebody else gave: never by chance to what only this network reaches.

A name is resolved here, every address that it has is checked, and the connection is made to a checked address itself.
So a name that answers otherwise a moment later (DNS rebinding) leads nowhere else. Certificates are checked against the
name all the same. No redirect is followed and no proxy of the environment is used.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_MOST_READ_BYTES = 65_536
_CONNECT_SECONDS = 5.0
_RESOLVED_AT_ONCE = 64

for _name in ("httpx", "httpcore"):
    # Both write whole addresses, and an address may itself be a secret.
    logging.getLogger(_name).setLevel(logging.WARNING)


class AddressRefused(Exception):
    """Nothing is sent to this address. `code` is `unusable`, `unencrypted`, `unknown-host` or `private`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoAnswer(Exception):
    """Nobody answered there, or not in time. `error` names neither the address nor its path."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True)
class Place:
    """A checked address: where to connect (`ips`), and what to ask for there."""

    url: httpx.URL
    ips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a place answered: its status, and for how many seconds it wants to be left alone."""

    status: int
    retry_after: float | None = None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the internet at large, also where it stands for an IPv4 address.

    Of IPv6 that is global unicast alone: among the rest are further forms in which an IPv4 address may stand (::/96,
    ::ffff:0:0:0/96, 64:ff9b:1::/48). Source: the IANA registries of special-purpose addresses (RFC 6890) and of IPv6
    address space; RFC 6052 for 64:ff9b::/96.
    """
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(inner)
        if address not in _GLOBAL_UNICAST:
            return False
    return address.is_global and not address.is_multicast


def usable(given: str) -> httpx.URL:
    """An address to which something can be posted.

    Raises:
        AddressRefused: it is no http or https address of a host, or holds a user, a password or a fragment.
    """
    try:
        url = httpx.URL(given)
        named = url.scheme in {"http", "https"} and url.host and not url.userinfo and not url.fragment
    except (httpx.InvalidURL, ValueError, TypeError):
        named = False
    if not named or (url.port is not None and not 1 <= url.port <= 65535):
        raise AddressRefused("unusable")
    return url


async def located(given: str, *, allow_private: bool) -> Place:
    """Where an address leads now.

    Raises:
        AddressRefused: it cannot be used, its host is not known, it leads into a private network where that is not
            allowed, or it leads outside of one without encryption.
    """
    url = usable(given)
    if url.scheme == "http" and not allow_private:
        raise AddressRefused("unencrypted")
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    host = url.raw_host.decode().strip("[]")
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            found = await asyncio.get_running_loop().run_in_executor(
                _resolvers(), partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
            )
    except (OSError, UnicodeError, TimeoutError):
        raise AddressRefused("unknown-host") from None
    ips = tuple(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))
    public = [is_public(ip_address(ip)) for ip in ips]
    if not allow_private and not all(public):
        raise AddressRefused("private")
    if url.scheme == "http" and any(public):
        raise AddressRefused("unencrypted")
    return Place(url, ips)


@asynccontextmanager
async def posting(seconds: float) -> AsyncIterator[httpx.AsyncClient]:
    """A client for `post`, which keeps a connection while it lasts. Each part of a request may take so long."""
    timeout = httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))
    async with httpx.AsyncClient(
        verify=certificates(), timeout=timeout, trust_env=False, headers={"User-Agent": "ketluan"}
    ) as client:
        yield client


async def post(
    client: httpx.AsyncClient, place: Place, content: bytes, headers: Mapping[str, str], seconds: float
) -> Answer:
    """Posts something and gives the answer. `seconds` is for all of it.

    Raises:
        NoAnswer: there was none in time.
    """
    try:
        async with asyncio.timeout(seconds):
            for ip in place.ips[:-1]:
                try:
                    return await _post_to(ip, client, place, content, headers)
                except (httpx.ConnectError, httpx.ConnectTimeout):
                    continue
            return await _post_to(place.ips[-1], client, place, content, headers)
    except TimeoutError:
        raise NoAnswer(f"no answer within {seconds:.0f} s") from None
    except (httpx.HTTPError, OSError) as error:
        raise NoAnswer(f"no answer: {type(error).__name__}") from None


async def _post_to(
    ip: str, client: httpx.AsyncClient, place: Place, content: bytes, headers: Mapping[str, str]
) -> Answer:
    request = client.build_request(
        "POST",
        place.url.copy_with(host=ip),
        content=content,
        headers={"Host": place.url.netloc.decode(), **headers},
        extensions={"sni_hostname": place.url.raw_host.decode().strip("[]")},
    )
    response = await client.send(request, stream=True)
    try:
        read = 0
        async for part in response.aiter_raw():
            read += len(part)
            if read > _MOST_READ_BYTES:
                break
    finally:
        await response.aclose()
    waits = response.headers.get("retry-after", "").strip()
    return Answer(response.status_code, float(waits) if waits.isdecimal() and len(waits) < 7 else None)


@cache
def _resolvers() -> ThreadPoolExecutor:
    """Threads of their own: names that take long to resolve hold up nothing else."""
    return ThreadPoolExecutor(_RESOLVED_AT_ONCE, "resolving")


@cache
def certificates() -> ssl.SSLContext:
    """The authorities whose certificates are believed; SSL_CERT_FILE names others."""
    return httpx.create_ssl_context()
