"""The three services as our children, each with the addresses and secrets that it needs and no others."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import deploy
from deploy.embedded.child import Program
from deploy.embedded.folder import DataFolder
from deploy.embedded.ports import HOST
from deploy.postgres.roles import DATABASE

NAMES = ("intake", "tasks", "notify")

_TRACES = ("KETLUAN_TRACES_URL", "KETLUAN_TRACES_RATIO")

_ROOT = Path(deploy.__path__[0]).parent
_GIVEN = {
    "intake": ("KETLUAN_REVIEW_BELOW", "KETLUAN_DOUBTFUL", "KETLUAN_BEFORE_IS_INCLUSIVE", "KETLUAN_ROLLS_FORWARD",
               "KETLUAN_EXTRA_HOLIDAYS", "KETLUAN_EXTRA_WORKDAYS", "KETLUAN_READING_SECONDS", "KETLUAN_SCAN_SECONDS",
               "KETLUAN_READINGS_AT_ONCE"),
    "notify": ("KETLUAN_SMTP_HOST", "KETLUAN_SMTP_PORT", "KETLUAN_SMTP_USER", "KETLUAN_SMTP_PASSWORD",
               "KETLUAN_SMTP_SECURITY", "KETLUAN_MAIL_FROM", "KETLUAN_MAIL_BOUNCES", "KETLUAN_MAIL_SECONDS",
               "KETLUAN_MAIL_PER_MINUTE", "KETLUAN_CHAT_PER_MINUTE", "KETLUAN_PUSH_PER_MINUTE",
               "KETLUAN_DELIVERY_MARGIN_SECONDS", "KETLUAN_DELIVERY_ATTEMPTS", "KETLUAN_DELIVERY_RETRY_SECONDS",
               "KETLUAN_CIRCUIT_SECONDS", "KETLUAN_SIGNIN_LINKS", "KETLUAN_WEBHOOK_ALLOW_PRIVATE",
               "KETLUAN_WEBHOOK_SECONDS", "KETLUAN_WEBHOOK_PAUSES", "KETLUAN_WEBHOOK_KEPT_DAYS",
               "KETLUAN_DELIVERY_KEPT_DAYS", "KETLUAN_CHAT_SERVICES",
               "KETLUAN_REMINDER_HOUR", "KETLUAN_REMINDER_OFFSETS", "KETLUAN_ESCALATE_UNIT", "KETLUAN_ESCALATE_OFFICE",
               "KETLUAN_ESCALATE_LEADER", "KETLUAN_EXTRA_HOLIDAYS", "KETLUAN_EXTRA_WORKDAYS"),
    "tasks": ("KETLUAN_OIDC_ISSUER", "KETLUAN_OIDC_CLIENT_ID", "KETLUAN_OIDC_CLIENT_SECRET",
              "KETLUAN_OIDC_PERSON_CLAIM", "KETLUAN_OIDC_SCOPE", "KETLUAN_SIGNIN_LINKS", "KETLUAN_ATTACHMENT_BYTES",
              "KETLUAN_SCRUB_PACE",
              "KETLUAN_EXTRA_HOLIDAYS", "KETLUAN_EXTRA_WORKDAYS", "KETLUAN_CHECKPOINT_KEY_FILE",
              "KETLUAN_CHECKPOINT_FOLDER", "KETLUAN_CHECKPOINT_MINUTES"),
}  # fmt: skip
"""What this process was told that is one service's to know."""

_DATABASE_ROLES = {"tasks": "ketluan_tasks", "notify": "ketluan_notify"}


def database_url(role: str, password: str, port: int) -> str:
    """How a role reaches the embedded PostgreSQL. Passwords made here hold nothing that a URL would escape."""
    return f"postgresql+asyncpg://{role}:{password}@{HOST}:{port}/{DATABASE}"


def operations(name: str) -> str:
    """By what name the port is kept on which a service tells how it does."""
    return f"{name}-operations"


def program(
    name: str,
    folder: DataFolder,
    ports: Mapping[str, int],
    public_url: str,
    zone: str,
    session_key: str,
    nats_seeds: Mapping[str, str],
    database_passwords: Mapping[str, str],
) -> Program:
    """One service. `ports` are those of every program by its name."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("KETLUAN_")}
    environment = ours | {
        # Compiled files may not be writable where the project lies, nor the current folder readable.
        "PYTHONPATH": str(_ROOT),
        "KETLUAN_HOST": HOST,
        "KETLUAN_PORT": str(ports[name]),
        "KETLUAN_OPERATIONS_HOST": HOST,
        "KETLUAN_OPERATIONS_PORT": str(ports[operations(name)]),
        "KETLUAN_PUBLIC_URL": public_url,
        "KETLUAN_ZONE": zone,
        "KETLUAN_LOG_LEVEL": os.environ.get("KETLUAN_LOG_LEVEL", "info"),
        "KETLUAN_NATS_URL": f"nats://{HOST}:{ports['nats']}",
        "KETLUAN_NATS_USER": name,
        "KETLUAN_NATS_SEED": nats_seeds[name],
        "KETLUAN_NATS_REPLICAS": "1",
        "KETLUAN_SESSION_KEY": session_key,
    }
    if role := _DATABASE_ROLES.get(name):
        environment["KETLUAN_DATABASE_URL"] = database_url(role, database_passwords[role], ports["postgres"])
    if name == "tasks":
        environment["KETLUAN_CHECKPOINT_KEY_FILE"] = str(folder.checkpoint_key)
        environment["KETLUAN_CHECKPOINT_FOLDER"] = str(folder.checkpoints)
    environment |= {key: os.environ[key] for key in (*_TRACES, *_GIVEN.get(name, ())) if key in os.environ}
    return Program(
        name=name,
        command=(sys.executable, "-m", f"services.{name}.main"),
        environment=environment,
        log=folder.logs / f"{name}.log",
    )
