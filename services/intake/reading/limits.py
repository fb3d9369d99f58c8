"""How much of the machine the reading of one document may use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What a document may cost. Reading images of pages (a scan) is given longer than reading text."""

    seconds: float = 4.0
    """With the start and the end of a process, a refusal comes within five."""
    scan_seconds: float = 120.0
    memory: int = 192 * 1024 * 1024
    """Bytes of address space; what is resident is less."""
    at_once: int = 2
    """Documents that are read at the same time; others wait."""
