"""Becomes another program that cannot outlive its supervisor. Run as a script; imports nothing of the project.

    launch.py PARENT SIGNAL USER GROUP PROGRAM [ARGUMENT …]

PARENT is the supervisor's process id, SIGNAL what the kernel sends when it dies (Linux only). USER and GROUP are
numbers, or -1 to stay who we are. Whoever gives up root keeps the one capability to reach files in folders that are
closed to others, so that no permission of any folder has to be loosened.

Source: prctl(2), capabilities(7).
"""

import ctypes
import os
import struct
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


def die_with(parent: int, signal_number: int) -> None:
    """Asks the kernel for a signal when the parent dies, which may already have happened."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the supervisor is gone")


def become(user: int, group: int) -> None:
    """Gives up root for a user without rights, keeping CAP_DAC_OVERRIDE where the kernel allows it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    # Without this bit access(2), by which initdb looks for its programs, would not count the capability.
    libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)
    only = 1 << _CAP_DAC_OVERRIDE
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    sets = struct.pack("=6I", only, only, only, 0, 0, 0)
    if libc.capset(header, sets) == 0:
        libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def main() -> None:
    """Reads the arguments and becomes the program."""
    parent, signal_number, user, group = (int(argument) for argument in sys.argv[1:5])
    program = sys.argv[5:]
    if user >= 0:
        become(user, group)
    die_with(parent, signal_number)
    os.execv(program[0], program)


if __name__ == "__main__":
    main()
