"""A command on its way to the door of the log, and back as what it led to or as a problem that can be told."""

import structlog

from services.tasks import handlers, problems
from services.tasks.handlers import Carried, Request
from services.tasks.reading import Reading
from services.tasks.task.refusals import Refusal
from shared.database import DatabaseUnavailable
from shared.log.faults import LogFault
from shared.problems import DATABASE_AWAY, NotFound, Unavailable

log = structlog.get_logger()


async def dispatched(source: Reading, asked: Request) -> Carried:
    """What a command led to.

    Raises:
        NotFound: there is no such task that the caller may see.
        Refused, Stale, TaskUnreadable, KeyTaken: see `services.tasks.problems`; nothing was recorded.
        Unavailable: the log or the register does not answer; asking again is safe with a key.
    """
    try:
        return await handlers.carry_out(source, asked)
    except handlers.NoSuchTask as missing:
        raise NotFound(what=f"/v1/tasks/{asked.task_id}") from missing
    except handlers.Stale as stale:
        raise problems.Stale(stale.version, stale.since, stale.names) from stale
    except handlers.Unreadable as unreadable:
        raise problems.TaskUnreadable from unreadable
    except handlers.KeyTaken as taken:
        raise problems.KeyTaken from taken
    except Refusal as refusal:
        raise problems.Refused(refusal) from refusal
    except DatabaseUnavailable as fault:
        raise Unavailable(DATABASE_AWAY) from fault
    except LogFault as fault:
        log.warning("command_not_recorded", task=asked.task_id, fault=str(fault))
        raise Unavailable(problems.LOG_AWAY) from fault
