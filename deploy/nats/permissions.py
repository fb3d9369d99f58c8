"""Who may do what on the NATS server: one table, from which every configuration is written."""

from dataclasses import dataclass

from shared.log import children, schedules
from shared.log.objects import BUCKETS, Bucket, object_stream, object_subject
from shared.log.stream import PREFIX, STREAM


def reading(stream: str) -> tuple[str, ...]:
    """What a reader of a stream asks of JetStream. The consumers that it makes are cursors in memory."""
    return (
        f"$JS.API.STREAM.INFO.{stream}",
        f"$JS.API.STREAM.MSG.GET.{stream}",
        f"$JS.API.CONSUMER.CREATE.{stream}.>",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.>",
        f"$JS.API.CONSUMER.DELETE.{stream}.>",
    )


READ = reading(STREAM)

SCHEDULE = (schedules.at(">"), schedules.withdrawn(">"), *reading(schedules.STREAM))
"""What whoever schedules asks of JetStream. What falls due is written by the server alone."""

CHILDREN = (children.SHARED, *reading(children.STREAM))
"""What sharing a summary and hearing those of others takes. Where an organisation has no parent, nobody hears it."""

DEFINE = tuple(
    f"$JS.API.STREAM.{what}.{stream}"
    for stream in (STREAM, schedules.STREAM, children.STREAM, *map(object_stream, BUCKETS))
    for what in ("INFO", "CREATE")
)
"""What the migration asks of JetStream. Nobody may change a stream, delete it, or delete from it."""


@dataclass(frozen=True, slots=True)
class User:
    """A NATS user: the subjects that it may publish to; it may receive on its own inbox only."""

    name: str
    publish: tuple[str, ...]

    @property
    def subscribe(self) -> tuple[str, ...]:
        """The subjects that it may subscribe to."""
        return (f"_INBOX_{self.name}.>",)


def _files(bucket: Bucket) -> tuple[str, ...]:
    return object_subject(bucket), f"$JS.API.STREAM.MSG.GET.{object_stream(bucket)}"


def _reading(*buckets: Bucket) -> tuple[str, ...]:
    return tuple(f"$JS.API.STREAM.MSG.GET.{object_stream(bucket)}" for bucket in buckets)


def _kinds(*kinds: str) -> tuple[str, ...]:
    return tuple(f"{PREFIX}{kind}.*" for kind in kinds)


RETIRED = _reading("retired")
"""What a reader asks of the events that left the log with their year."""

USERS = (
    User("owner", DEFINE),
    User("intake", _kinds("meeting", "task", "submission", "unit") + _files("documents") + RETIRED + READ),
    User(
        "tasks",
        _kinds("task", "signin", "ledger", "unit", "person", "client")
        + _files("attachments")
        + _reading("documents")
        + CHILDREN
        + RETIRED
        + READ,
    ),
    User("notify", _kinds("inbox", "floor", "webhook", "policy") + SCHEDULE + RETIRED + READ),
    User("directory", (*_kinds("unit", "person", "client"), f"{PREFIX}ledger.keys", *READ)),
    User("replay", (*READ, *_reading(*BUCKETS))),
)

REPAIR = User(
    "repair",
    (
        f"{PREFIX}>",
        "restored.>",
        *(object_subject(bucket) for bucket in BUCKETS),
        *_reading(*BUCKETS),
        *(
            f"$JS.API.STREAM.{what}.{stream}"
            for stream in (STREAM, "RESTORED")
            for what in ("INFO", "CREATE", "UPDATE", "DELETE")
        ),
        "$JS.API.STREAM.PURGE.RESTORED",
        *READ,
        *reading("RESTORED"),
    ),
)
"""`ketluan repair` and `ketluan retire`, which alone may put another stream in the log's place. It is no user of a
server that serves: an installation knows it only while nothing else runs."""
