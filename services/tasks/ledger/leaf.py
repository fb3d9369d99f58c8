"""The Merkle leaf of an event: what is hashed, and how."""

import hashlib
import struct

from shared.log.record import Record

_LEAF = b"\x00"


def leaf_input(record: Record) -> bytes:
    """The bytes that an event's leaf stands for: sequence (8 bytes, big endian), the subject's length in bytes
    (2 bytes, big endian), the subject in UTF-8, and the event's exact bytes."""
    subject = record.subject.encode()
    return struct.pack(">QH", record.sequence, len(subject)) + subject + record.content


def leaf_hash(record: Record) -> bytes:
    """The 32-byte leaf hash: SHA-256 of a zero byte and the leaf's input. Source: RFC 9162, section 2.1.1."""
    return hashlib.sha256(_LEAF + leaf_input(record)).digest()
