"""`ketluan signin-link`, `ketluan sessions end` and `ketluan client …`, as an administrator sees them."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import get_args

from nats.aio.client import Client
from pydantic import ValidationError
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.administration import log_of
from deploy.commands.settings import nats_and_public_url, tokens
from deploy.embedded.whereabouts import NotRunning
from deploy.exit_codes import REFUSED
from shared.events.client import Scope
from shared.identity import administration
from shared.identity.administration import NotLeft, Taken, Unknown
from shared.identity.live import known_now
from shared.identity.signin_link import signin_link
from shared.identity.tokens import Link
from shared.log.faults import LogFault
from shared.settings import NatsSettings, UnusableSettings

SCOPES: tuple[Scope, ...] = get_args(Scope)


def run_signin_link(person_id: str, data: Path) -> int:
    """Prints a link with which this person signs in once. Gives the exit code."""

    async def printed(client: Client) -> None:
        person = (await known_now(client)).person(person_id)
        if person is None:
            raise Unknown(person_id)
        sys.stdout.write(f"{signin_link(tokens(data), _public_url(data), person_id)}\n")
        Console(stderr=True, soft_wrap=True).print(
            f"Liên kết đăng nhập của {escape(person.name)}, dùng một lần trong {Link.seconds // 60} phút. "
            f"[dim](a link to sign in, once)[/]"
        )

    return _done(data, printed)


def run_end_sessions(person_id: str, data: Path) -> int:
    """Ends a person's sessions. Gives the exit code."""

    async def ended(client: Client) -> None:
        await administration.end_sessions(client, person_id)
        Console(soft_wrap=True).print(
            f"Đã kết thúc mọi phiên của {escape(person_id)}. [dim](every session was ended)[/]"
        )

    return _done(data, ended)


def run_erase(person_id: str, reason: str, data: Path) -> int:
    """Has a person's data forgotten who left. Gives the exit code."""

    async def erased(client: Client) -> None:
        await administration.erase_personal_data(client, person_id, reason)
        Console(soft_wrap=True).print(
            f"Đã ghi việc xoá dữ liệu cá nhân của {escape(person_id)}; các dịch vụ xoá ngay khi đọc tới, và mỗi lần "
            "dựng lại. [dim](recorded; the services forget it as they read of it)[/]"
        )

    return _done(data, erased)


def run_register(client_id: str, name: str, scopes: list[str], data: Path) -> int:
    """Makes a program known. Gives the exit code."""

    async def registered(client: Client) -> None:
        await administration.register_client(client, client_id, name, [scope for scope in SCOPES if scope in scopes])
        Console(soft_wrap=True).print(
            f"Đã ghi nhận {escape(client_id)}; cấp khoá bằng `ketluan client issue-key {escape(client_id)}`. "
            f"[dim](registered; now issue a key)[/]"
        )

    return _done(data, registered)


def run_issue_key(client_id: str, days: int, data: Path) -> int:
    """Prints a new key on standard output, and nothing else there. Gives the exit code."""

    async def issued(client: Client) -> None:
        key = await administration.issue_key(client, client_id, days)
        sys.stdout.write(f"{key.text}\n")
        Console(stderr=True, soft_wrap=True).print(
            f"Khoá {key.id} của {escape(client_id)}, dùng được {days} ngày. Khoá chỉ hiện một lần này; hệ thống chỉ "
            f"giữ mã băm. [dim](the key is shown once; only its digest is kept)[/]"
        )

    return _done(data, issued)


def run_revoke_key(client_id: str, key_id: str, reason: str, data: Path) -> int:
    """Revokes a key. Gives the exit code."""

    async def revoked(client: Client) -> None:
        await administration.revoke_key(client, client_id, key_id, reason)
        Console(soft_wrap=True).print(
            f"Đã thu hồi khoá {escape(key_id)} ở mọi dịch vụ. [dim](revoked in every service)[/]"
        )

    return _done(data, revoked)


def run_close(client_id: str, reason: str, data: Path) -> int:
    """Closes a program. Gives the exit code."""

    async def closed(client: Client) -> None:
        await administration.close_client(client, client_id, reason)
        Console(soft_wrap=True).print(
            f"Đã đóng {escape(client_id)} cùng mọi khoá của nó. [dim](closed with all its keys)[/]"
        )

    return _done(data, closed)


def run_list(data: Path) -> int:
    """Prints the programs and their keys. Gives the exit code."""

    async def listed(client: Client) -> None:
        table = Table(title="Hệ thống kết nối (clients)", title_justify="left", box=box.ROUNDED)
        for column in ("Mã (id)", "Tên (name)", "Được làm (scopes)", "Khoá, hết hạn (keys, expiry)"):
            table.add_column(column, overflow="fold")
        for found in (await known_now(client)).clients.values():
            keys = "\n".join(f"{key_id}  {key.expires_at:%Y-%m-%d}" for key_id, key in found.keys.items())
            shown = "đã đóng (closed)" if found.closed else keys or "—"
            table.add_row(found.id, escape(found.name), "\n".join(sorted(found.scopes)), shown)
        Console().print(table)

    return _done(data, listed)


def _public_url(data: Path) -> str:
    return nats_and_public_url("directory", data)[1]


def _done(data: Path, work: Callable[[Client], Awaitable[None]]) -> int:
    """Does some work with the log; says in one sentence why it could not be done."""
    err = Console(file=sys.stderr, soft_wrap=not sys.stderr.isatty())

    async def worked(settings: NatsSettings) -> None:
        async with log_of(settings) as client:
            await work(client)

    try:
        asyncio.run(worked(nats_and_public_url("directory", data)[0]))
    except Unknown as refusal:
        err.print(f"Không có {escape(str(refusal))}; chưa ghi gì. [dim]There is no such one; nothing was written.[/]")
    except NotLeft as refusal:
        err.print(
            f"{escape(str(refusal))} vẫn thuộc cơ quan; ghi nhận rời cơ quan trước. Chưa ghi gì. [dim]They have not "
            "left: say so first. Nothing was written.[/]"
        )
    except ValidationError:
        err.print("Lý do trống hoặc quá dài; chưa ghi gì. [dim]The reason cannot be used; nothing was written.[/]")
    except Taken as refusal:
        err.print(f"Đã có {escape(str(refusal))}; chưa ghi gì. [dim]It is there already; nothing was written.[/]")
    except NotRunning as refusal:
        err.print(
            f"Không có ketluan nào đang chạy trên {data}; chạy `make run` trước, hoặc đặt KETLUAN_NATS_URL. "
            f"[dim]{escape(str(refusal))}; start it, or set KETLUAN_NATS_URL.[/]"
        )
    except (LogFault, UnusableSettings) as fault:
        err.print(f"Chưa làm được, thử lại sau. [dim]{escape(str(fault))}; try again.[/]")
    else:
        return 0
    return REFUSED
