"""What the requests are sent to: the services behind their gateway, people of every role, programs, and secrets."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import get_args

import httpx

from deploy.embedded.folder import DataFolder
from shared.directory.file import read_file
from shared.directory.write import write_file
from shared.events.client import Scope
from shared.events.person import Role
from shared.identity.administration import issue_key, register_client
from shared.identity.sessions import FORM_FIELD
from shared.identity.tokens import Form
from shared.log.connect import broker, connected
from shared.nkey import new_seed
from shared.settings import NatsSettings
from tests.examples import conclusion
from tests.house import Servers, register_units, servers
from tests.identity import SESSION_KEY, TOKENS, as_person, session_cookie, signed
from tests.processes import Gateway, ServiceProcess, intake, notify, tasks
from tests.servers import free_port, run_sql

SERVICES = ("intake", "tasks", "notify")
_PASSWORDS = {"tasks": "mat-khau-cua-tasks", "notify": "mat-khau-cua-notify"}
_MAIL_PASSWORD = "mat-khau-cua-thu"
_MAIL_DOMAIN = "noi-bo.example"
_READ_ALL_CONTACTS = {"administrator", "office", "auditor"}
_NOTICES, _DIRECTIVES = 4, 3


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: as events name them (empty: nobody who can be known), what they show, and the mail addresses that they
    may see; None: all of them. `form` is what their forms send back."""

    name: str
    actor: str = ""
    shows: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    mail: frozenset[str] | None = frozenset()


@dataclass(frozen=True, slots=True)
class Town:
    """Everything that is asked, and what nobody may be told. `ids` are what stands in addresses, by its name there."""

    servers: Servers
    gateway: Gateway
    services: Sequence[ServiceProcess]
    askers: Sequence[Asker]
    secrets: Mapping[str, str]
    mail: Sequence[str]
    ids: Mapping[str, Sequence[str]]


@contextmanager
def town() -> Iterator[Town]:
    """Runs all of it for as long as the block lasts."""
    with ExitStack() as running:
        both = running.enter_context(servers())
        gateway_port = free_port()
        public_url = f"http://127.0.0.1:{gateway_port}"
        seeds = {name: new_seed() for name in SERVICES}

        def own(name: str) -> dict[str, str]:
            return {"NATS_SEED": seeds[name], "PUBLIC_URL": public_url}

        def database(name: str) -> str:
            role = f"ketluan_{name}"
            return both.database(name).replace(f"{role}@", f"{role}:{_PASSWORDS[name]}@")

        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "9", "SMTP_SECURITY": "none", "MAIL_FROM": "k@so.example"}
        mail |= {"SMTP_USER": "ketluan", "SMTP_PASSWORD": _MAIL_PASSWORD, "WEBHOOK_ALLOW_PRIVATE": "true"}
        made = [
            intake(both.nats.url, **own("intake")),
            tasks(both.nats.url, database("tasks"), **own("tasks")),
            notify(both.nats.url, database("notify"), **own("notify"), **mail),
        ]
        for each in made:
            running.enter_context(each)
        gateway = Gateway(port=gateway_port, services={each.name: each.port for each in made})
        DataFolder(gateway.folder).gateway.mkdir(exist_ok=True)
        running.enter_context(gateway)
        keys = asyncio.run(_peopled(both))
        webhook = asyncio.run(_furnished(both, gateway.url))
        secrets = {f"the seed of {name}": seed for name, seed in seeds.items()}
        secrets |= {f"the password of {name}": password for name, password in _PASSWORDS.items()}
        secrets |= {f"the key of {name}": key for name, key in keys.items()}
        secrets |= {"the session key": SESSION_KEY, "the mail password": _MAIL_PASSWORD}
        secrets |= {"the secret of a webhook": webhook["secret"].removeprefix("whsec_")}
        people = {name: _address(name) for name in (*get_args(Role), "nguoi-khac")}
        ids = asyncio.run(_known(gateway.url, webhook["id"], people))
        askers = [*_nobody(), *_people(people), *_programs(keys)]
        yield Town(both, gateway, made, askers, secrets, tuple(people.values()), ids)


def _address(person: str) -> str:
    return f"{person}@{_MAIL_DOMAIN}"


def _nobody() -> Iterator[Asker]:
    yield Asker("nobody")
    for what in (
        "Bearer",
        "Bearer kls_rubbish",
        "Basic YTpi",
        "Bearer klk_x_y",
        f"Bearer {'k' * 6000}",
        "\tBearer klv_.",
    ):
        yield Asker(f"nobody, {what[:20]}", shows={"Authorization": what})
    form = TOKENS.give(Form(signin_id="tests"))
    yield Asker("nobody with the token of a form", shows={"Authorization": f"Bearer {form}"}, form={FORM_FIELD: form})
    yield Asker("nobody with a cookie", shows={"Cookie": "ketluan_session=kls_rubbish; ketluan_session="})


def _people(addresses: Mapping[str, str]) -> Iterator[Asker]:
    for role in get_args(Role):
        mail = None if role in _READ_ALL_CONTACTS else frozenset({addresses[role]})
        cookie = {"Cookie": session_cookie(role)}
        form = {FORM_FIELD: TOKENS.give(Form(signin_id="tests"))}
        yield Asker(f"{role}, a browser", f"person.{role}", cookie, form, mail)
        yield Asker(f"{role}, a browser without its form", "", cookie, mail=mail)
        yield Asker(f"{role}, a token", f"person.{role}", as_person(role), mail=mail)


def _programs(keys: Mapping[str, str]) -> Iterator[Asker]:
    for name, key in keys.items():
        mail = None if name in {"directory-write", "notifications-read"} else frozenset[str]()
        yield Asker(f"program with {name}", f"client.{name}", {"Authorization": f"Bearer {key}"}, mail=mail)


async def _peopled(both: Servers) -> Mapping[str, str]:
    """Puts everybody into the directory. Gives each program's key, by its name."""
    people = "\n".join(
        f"  - {{id: {role}, name: Người {number}, unit: van-phong, roles: [{role}]}}"
        for number, role in enumerate(get_args(Role))
    )
    other = "  - {id: nguoi-khac, name: Người khác, unit: ke-hoach-tai-chinh, roles: [staff]}"
    keys = {}
    nats_broker = broker(NatsSettings(nats_url=both.nats.url), "faults")
    client = await connected(nats_broker)
    try:
        await register_units(client)
        await write_file(client, read_file(f"people:\n{people}\n{other}\n".encode(), "d.yaml"), "service.directory")
        for scope in get_args(Scope):
            name = scope.replace(":", "-")
            await register_client(client, name, f"Hệ thống {name}", [scope])
            keys[name] = (await issue_key(client, name, days=30)).text
    finally:
        await nats_broker.stop()
    known = ", ".join(f"('{name}', '{_address(name)}', now())" for name in (*get_args(Role), "nguoi-khac"))
    await run_sql(both.database("notify"), f"INSERT INTO notify.contact (person_id, mail, changed_at) VALUES {known}")
    return keys


async def _furnished(both: Servers, url: str) -> Mapping[str, str]:
    """Posts some notices and registers a webhook, of which it gives id and secret."""
    async with httpx.AsyncClient(base_url=url, headers=signed("integration", "office"), timeout=20) as http:
        for number in range(_NOTICES):
            body = conclusion(_DIRECTIVES, number=f"{number}/TB-YC")
            (await http.post("/v1/conclusions", json=body)).raise_for_status()
        hook = {"url": "https://127.0.0.1:9/su-kien", "name": "Nơi nhận"}
        answer = await http.post("/v1/webhooks", json=hook)
        if not answer.is_success:
            raise AssertionError(f"no webhook: {answer.text}")
        made = answer.json()
        return {"id": str(made.get("id") or made["webhook"]["id"]), "secret": str(made["secret"])}


async def _known(url: str, webhook: str, people: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    async with httpx.AsyncClient(base_url=url, headers=signed(), timeout=20) as http:
        async with asyncio.timeout(30):
            while len(found := (await http.get("/v1/tasks")).json()) < _NOTICES * _DIRECTIVES:  # noqa: ASYNC110
                await asyncio.sleep(0.2)  # another process projects
        meetings = [each["id"] for each in (await http.get("/v1/meetings")).json()]
    return {
        "task": [str(each["id"]) for each in found],
        "meeting": meetings,
        "conclusion": meetings,
        "person": [*people],
        "unit": ["van-phong", "ke-hoach-tai-chinh"],
        "client": [scope.replace(":", "-") for scope in get_args(Scope)],
        "webhook": [webhook],
    }
