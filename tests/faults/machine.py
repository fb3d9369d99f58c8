"""Hosts in network namespaces joined by a bridge, and small disks: a machine of the harness's own, gone when it ends.

The harness runs in namespaces of its own for networks, mounts and processes, so that nothing of it is seen from outside
and nothing stays behind, however it ends.

Source: network_namespaces(7), mount_namespaces(7), unshare(1).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

_INSIDE = "KETLUAN_FAULTS_INSIDE"
_BRIDGE, _NETWORK = "office", "10.201.0"
_NAMESPACES = Path("/run/netns")
_PROGRAMS = {
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "mount": "mount",
    "ip": "iproute2",
    "iptables": "iptables",
    "strace": "strace",
    "faketime": "faketime",
}
_KEEP_FREE = 64 * 1024


def missing() -> list[str]:
    """What the machine lacks for injecting faults, each as a sentence's part; empty where nothing is missing."""
    lacking = [f"the program {name} (package {of})" for name, of in _PROGRAMS.items() if shutil.which(name) is None]
    return [*(["root's rights"] if os.geteuid() else []), *lacking]


def is_apart() -> bool:
    """Whether this process is in the harness's own namespaces."""
    return _INSIDE in os.environ


def go_apart() -> NoReturn:
    """Becomes the same program in namespaces of its own; a shell is its init, which buries the dead."""
    program = [sys.executable, "-m", "tests.faults"]
    apart = ["unshare", "--net", "--mount", "--propagation", "private", "--pid", "--mount-proc", "--fork"]
    init = ["--kill-child", "sh", "-c", '"$@"; exit $?', "sh"]
    os.execvpe("unshare", [*apart, *init, *program], {**os.environ, _INSIDE: "yes"})


@dataclass(frozen=True, slots=True)
class Host:
    """A network namespace with an address that every other host reaches."""

    name: str
    address: str

    @property
    def within(self) -> tuple[str, ...]:
        """What stands before a command that runs on this host."""
        return ("nsenter", f"--net={_NAMESPACES / self.name}", "--")


@dataclass
class Machine:
    """The hosts by name. This process itself stands on the bridge and reaches all of them."""

    hosts: dict[str, Host] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _run("ip", "link", "set", "dev", "lo", "up")
        _NAMESPACES.mkdir(exist_ok=True)
        _run("mount", "-t", "tmpfs", "none", str(_NAMESPACES))
        _run("ip", "link", "add", "name", _BRIDGE, "type", "bridge")
        _run("ip", "address", "add", f"{self.address}/24", "dev", _BRIDGE)
        _run("ip", "link", "set", "dev", _BRIDGE, "up")

    @property
    def address(self) -> str:
        """This process's own address."""
        return f"{_NETWORK}.1"

    @property
    def network(self) -> str:
        """All addresses, as a CIDR range."""
        return f"{_NETWORK}.0/24"

    def host(self, name: str) -> Host:
        """A new host."""
        self.hosts[name] = host = Host(name, f"{_NETWORK}.{len(self.hosts) + 10}")
        _run("ip", "netns", "add", name)
        _run("ip", "link", "add", "name", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        _run("ip", "link", "set", "dev", name, "master", _BRIDGE, "up")
        _run("ip", "-n", name, "address", "add", f"{host.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _run("ip", "-n", name, "link", "set", "dev", device, "up")
        return host

    @contextmanager
    def parted(self, some: Sequence[Host], others: Sequence[Host]) -> Iterator[None]:
        """Drops every packet between some hosts and others, silently, for as long as the block lasts."""
        rules = [
            (one, chain, flag, other.address)
            for one in some
            for other in others
            for chain, flag in (("INPUT", "--source"), ("OUTPUT", "--destination"))
        ]
        for one, chain, flag, address in rules:
            _run(*one.within, "iptables", "--wait", "--append", chain, flag, address, "--jump", "DROP")
        try:
            yield
        finally:
            for one, chain, flag, address in rules:
                _run(*one.within, "iptables", "--wait", "--delete", chain, flag, address, "--jump", "DROP")

    @contextmanager
    def unplugged(self, host: Host) -> Iterator[None]:
        """Takes a host's cable out for as long as the block lasts."""
        _run("ip", "link", "set", "dev", host.name, "down")
        try:
            yield
        finally:
            _run("ip", "link", "set", "dev", host.name, "up")


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A file system of so many MiB in memory, mounted on a folder."""

    folder: Path
    mebibytes: int

    def mount(self) -> None:
        """Mounts it."""
        _run("mount", "-t", "tmpfs", "-o", f"size={self.mebibytes}m,mode=755", "none", str(self.folder))

    @contextmanager
    def full(self) -> Iterator[None]:
        """Leaves no room on it for as long as the block lasts; what is deleted meanwhile is taken too by the end."""
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file:
            free = os.statvfs(self.folder)
            os.posix_fallocate(file.fileno(), 0, max(free.f_bavail * free.f_frsize - _KEEP_FREE, 1))
        try:
            yield
        finally:
            filler.unlink()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MachineRefused(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")


class MachineRefused(Exception):
    """The kernel or a tool refused what a fault needs. Nothing outside of the harness was changed."""
