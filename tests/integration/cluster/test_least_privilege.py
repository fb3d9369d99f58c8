"""Every user of the table of permissions tries everything on a real server: what the table grants passes, the rest is
refused; and whoever proves nothing, or is not proven to, says nothing."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import nats
import pytest
from nats.aio.client import Client
from pydantic import SecretStr

from deploy.certificates import new_authority
from deploy.nats.permissions import USERS, User
from deploy.nats.witness import OWNER, witness_users
from shared.log.append import append
from shared.log.connect import broker, connected, tls
from shared.log.faults import LogRefused
from shared.log.objects import BUCKETS, object_stream, object_subject
from shared.log.read import next_on
from shared.log.schedules import STREAM as REMINDERS
from shared.log.schedules import at, due, withdrawn
from shared.log.stream import PREFIX, STREAM
from shared.log.wire import opened
from shared.log.witness import api_prefix, delivery_prefix, witness_stream
from shared.nkey import new_seed
from shared.settings import NatsSettings
from tests.cluster import NatsCluster
from tests.examples import task_entry
from tests.integration.cluster.conftest import ORGANISATIONS, connection
from tests.servers import NatsServer

OTHERS, OURS, _ = ORGANISATIONS
EVERYBODY = [(OURS, user) for user in USERS] + [("witness", user) for user in witness_users(ORGANISATIONS)]
NAMES = [f"{organisation}-{user.name}" for organisation, user in EVERYBODY]

KINDS = (
    "meeting", "task", "submission", "unit", "person", "client", "signin", "ledger", "inbox", "floor", "webhook",
    "policy", "unheard-of",
)  # fmt: skip
STREAMS = (STREAM, REMINDERS, "RESTORED", "ANOTHER", *map(object_stream, BUCKETS), *map(witness_stream, ORGANISATIONS))
HARMFUL = (
    "STREAM.UPDATE", "STREAM.DELETE", "STREAM.PURGE", "STREAM.MSG.DELETE", "STREAM.SNAPSHOT", "STREAM.RESTORE",
    "STREAM.PEER.REMOVE", "STREAM.LEADER.STEPDOWN",
)  # fmt: skip
SAFE = ("STREAM.INFO", "STREAM.CREATE", "STREAM.MSG.GET")
OF_CONSUMERS = ("CREATE", "DURABLE.CREATE", "MSG.NEXT", "DELETE", "INFO", "PAUSE", "RESET", "LEADER.STEPDOWN", "UNPIN")

NOBODYS = (
    *(f"$JS.API.{what}.{stream}" for what in HARMFUL for stream in STREAMS),
    *("$JS.API.META.LEADER.STEPDOWN", "$JS.API.SERVER.REMOVE", "$JS.API.ACCOUNT.PURGE.ORG_so-khcn"),
    *("$SYS.REQ.SERVER.PING", "$SYS.REQ.ACCOUNT.ORG_so-khcn.CONNZ", "$SYS.REQ.CLAIMS.UPDATE", "$SYS.REQ.USER.INFO"),
    *(f"{api_prefix(each)}.CONSUMER.CREATE.{STREAM}" for each in ORGANISATIONS),
    *(f"{delivery_prefix(each)}.x" for each in ORGANISATIONS),
    *(f"_INBOX_{user.name}.x" for _, user in EVERYBODY),
    *("_INBOX.x", f"$JS.FC.{STREAM}.x.y", f"$JS.ACK.{STREAM}.c.1.1.1.1.0", due("t")),
    *("log", f"{PREFIX}task.a.b", "anything"),
    *(f"$JS.API.{what}" for what in ("INFO", "STREAM.LIST", "STREAM.NAMES")),
)  # fmt: skip
"""What nobody may publish, whatever the table says."""

SOMEBODYS = (
    *(f"{PREFIX}{kind}.x" for kind in KINDS),
    *("log.ledger.keys", at("t"), withdrawn("t")),
    *(object_subject(bucket).replace(">", "C.x") for bucket in BUCKETS),
    *(f"$JS.API.{what}.{stream}" for what in SAFE for stream in STREAMS),
    *(f"$JS.API.CONSUMER.{what}.{stream}.c" for what in OF_CONSUMERS for stream in STREAMS),
)

HEARD = (
    "log.>",
    ">",
    "$SYS.>",
    "$JS.>",
    "$JS.API.>",
    "$JS.FC.>",
    "witnessed.>",
    "_INBOX.>",
    "*.>",
    "reminders.>",
)


@asynccontextmanager
async def trying(settings: NatsSettings, refused: list[str]) -> AsyncIterator[Client]:
    """A connection that writes down what the server refuses, in small letters."""

    async def heard(error: Exception) -> None:
        refused.append(str(error).lower())

    client = await nats.connect(
        settings.nats_servers,
        nkeys_seed_str=settings.nats_seed.get_secret_value(),
        tls=tls(settings),
        tls_handshake_first=settings.nats_is_encrypted,
        error_cb=heard,
        inbox_prefix=f"_INBOX_{settings.nats_user}".encode(),
    )
    try:
        yield client
    finally:
        await client.close()


async def answered(client: Client) -> None:
    """Returns when the server has taken in all that was sent. nats-py sends a PING before what still waits in it."""
    for _ in range(2):
        await client.flush()


def grants(patterns: Sequence[str], subject: str) -> bool:
    """Whether one of the patterns of NATS holds a subject."""
    return any(_matches(pattern.split("."), subject.split(".")) for pattern in patterns)


def _matches(pattern: list[str], words: list[str]) -> bool:
    for place, each in enumerate(pattern):
        if each == ">":
            return len(words) > place
        if place >= len(words) or each not in {"*", words[place]}:
            return False
    return len(pattern) == len(words)


@pytest.mark.parametrize(("organisation", "user"), EVERYBODY, ids=NAMES)
async def test_a_user_publishes_what_the_table_grants_and_nothing_else(
    organisations: NatsCluster, organisation: str, user: User
) -> None:
    refused: list[str] = []
    async with trying(organisations.settings(organisation, user.name), refused) as client:
        for subject in (*NOBODYS, *SOMEBODYS):
            await client.publish(subject, b"")
        await answered(client)
        for subject in (*HEARD, *(f"_INBOX_{other.name}.>" for _, other in EVERYBODY if other.name != user.name)):
            await client.subscribe(subject)
        await client.subscribe(f"_INBOX_{user.name}.mine")
        await answered(client)
    published = {each.split('"')[1] for each in refused if "publish" in each}
    may = {subject.lower() for subject in SOMEBODYS if grants(user.publish, subject)}
    assert published == {subject.lower() for subject in (*NOBODYS, *SOMEBODYS)} - may
    heard = {each.split('"')[1] for each in refused if "subscription" in each}
    others = {f"_inbox_{other.name}.>" for _, other in EVERYBODY if other.name != user.name}
    assert heard == {subject.lower() for subject in HEARD} | others


async def test_one_organisation_sees_nothing_of_another(organisations: NatsCluster) -> None:
    theirs = task_entry("theirs alone")
    async with (
        connection(organisations.settings(OTHERS, "tasks")) as writing,
        connection(organisations.settings(OURS, "tasks")) as reading,
    ):
        await append(writing, [theirs])
        assert await next_on(writing, theirs.subject)
        assert await next_on(reading, theirs.subject) is None


async def test_a_reader_of_the_witness_reads_its_own_organisation_alone(organisations: NatsCluster) -> None:
    refused: list[str] = []
    async with trying(organisations.settings("witness", f"witness-{OURS}"), refused) as client:
        assert (await client.jsm().stream_info(witness_stream(OURS))).config.mirror
        with pytest.raises(nats.errors.TimeoutError):
            await client.request(f"$JS.API.STREAM.INFO.{witness_stream(OTHERS)}", timeout=0.5)
    assert len(refused) == 1


async def test_whoever_has_another_key_or_none_is_not_let_in(organisations: NatsCluster) -> None:
    known = organisations.settings(OURS, "tasks")
    for changed in ({"nats_seed": SecretStr(new_seed())}, {"nats_user": "", "nats_seed": SecretStr("")}):
        with pytest.raises(LogRefused, match="Authorization Violation"):
            async with opened(known.model_copy(update=changed), STREAM):
                pass


async def test_nobody_is_answered_without_tls_and_no_stranger_is_told_anything(
    organisations: NatsCluster, tmp_path_factory: pytest.TempPathFactory
) -> None:
    known = organisations.settings(OURS, "tasks")
    with pytest.raises((OSError, EOFError, TimeoutError)):
        async with opened(known.model_copy(update={"nats_url": organisations.nodes[0].url}), STREAM):
            pass
    foreign = tmp_path_factory.mktemp("foreign") / "authority.pem"
    foreign.write_text(new_authority("somebody else").certificate)
    with pytest.raises(ssl.SSLCertVerificationError):
        async with opened(known.model_copy(update={"nats_ca": foreign}), STREAM):
            pass
    await _is_not_connected(known.model_copy(update={"nats_ca": foreign}))


async def test_a_server_that_speaks_no_tls_is_told_nothing_where_tls_is_demanded(nats_server: NatsServer) -> None:
    settings = NatsSettings(nats_url=nats_server.url.replace("nats:", "tls:"))
    with pytest.raises((OSError, EOFError, TimeoutError)):
        async with opened(settings, STREAM):
            pass
    await _is_not_connected(settings)


async def test_whoever_lost_its_server_proves_itself_to_the_next(organisations: NatsCluster) -> None:
    async with connection(organisations.settings("witness", OWNER)) as client:
        where = client.connected_url
        assert where is not None
        node = next(each for each in organisations.nodes if each.port == where.port)
        node.kill()
        try:
            async with asyncio.timeout(15):
                while not client.is_connected or client.connected_url == where:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            await client.flush()
        finally:
            node.start_soon()


async def _is_not_connected(settings: NatsSettings) -> None:
    nats_broker = broker(settings, "tests")
    trial = asyncio.ensure_future(connected(nats_broker))
    done, _ = await asyncio.wait([trial], timeout=0.7)
    assert not done or trial.exception()
    trial.cancel()
    await asyncio.gather(trial, return_exceptions=True)
    await nats_broker.stop()
