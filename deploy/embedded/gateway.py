"""Caddy as our child: the one port that people see."""

import os
from collections.abc import Mapping
from pathlib import Path

import deploy
from deploy.embedded import binaries
from deploy.embedded.child import Program
from deploy.embedded.folder import DataFolder
from deploy.embedded.ports import HOST

_ROUTES = Path(deploy.__path__[0]) / "gateway" / "Caddyfile"


def program(folder: DataFolder, port: int, public_url: str, services: Mapping[str, int]) -> Program:
    """The gateway on one port of this machine; `services` are the ports behind it, by name."""
    environment = {
        "HOME": str(folder.gateway),
        "XDG_CONFIG_HOME": str(folder.gateway),
        "XDG_DATA_HOME": str(folder.gateway),
        "KETLUAN_GATEWAY_STORAGE": str(folder.gateway),
        "KETLUAN_GATEWAY_BIND": HOST,
        "KETLUAN_GATEWAY_PORT": str(port),
        "KETLUAN_GATEWAY_PUBLISHED": str(port),
        "KETLUAN_GATEWAY_PUBLIC_URL": public_url,
        "KETLUAN_GATEWAY_TRUSTED_PROXIES": os.environ.get("KETLUAN_TRUSTED_PROXIES", ""),
    }
    environment |= {f"KETLUAN_GATEWAY_{name.upper()}": f"{HOST}:{at}" for name, at in services.items()}
    return Program(
        name="gateway",
        command=(binaries.script("caddy"), "run", "--adapter", "caddyfile", "--config", str(_ROUTES)),
        environment=environment,
        log=folder.logs / "gateway.log",
        patience=3,
    )
