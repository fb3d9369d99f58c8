"""What of intake's own refusals and of the log's faults becomes which answer."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from services.intake.amendment import AnotherVersion, ChangesTooMuch, NoSuchNotice, NotInThisState
from services.intake.conclude import MOST_TASKS, TooManyTasks
from services.intake.meaning import UnknownMeantUnit
from services.intake.publication import (
    EventsTooLarge,
    KeyTaken,
    NumberTaken,
    ProbablyTheSame,
    PublicationRefused,
    WasRevoked,
)
from services.intake.refusals import (
    LOG_AWAY,
    LOG_REFUSES,
    AnotherBody,
    AnotherNotice,
    EventUnreadable,
    MoreBytes,
    MoreTasks,
    ProbableDuplicate,
    Revoked,
    TooManyChanges,
    WrongState,
)
from services.intake.rereading import UnassignedPhrase, UnknownDirective
from shared.events.catalogue import UnknownEvent, UnreadableEvent
from shared.language import Words
from shared.log.faults import LogFault, LogRefused
from shared.preconditions import PreconditionFailed, entity_tag
from shared.problems import FieldProblem, Invalid, NewerRelease, NotFound, Problem, Unavailable
from shared.vocabulary import CONCLUSION_STATES

log = structlog.get_logger()

_UNKNOWN_DIRECTIVE = Words(
    "thông báo không có (hoặc đã bỏ) nhiệm vụ {id}", "the notice has no directive {id}, or no more"
)
_UNASSIGNED = Words(
    "nhiệm vụ này không giao cho “{id}”: thêm vào assignees, hoặc ghi đúng như trong assignees",
    "the directive is not given to “{id}”: add it to assignees, or write it as it stands there",
)
_UNKNOWN_UNIT = Words("danh bạ không có đơn vị {id} đang hoạt động", "the directory has no unit {id} at work")

_PROBLEMS: dict[type[PublicationRefused], type[Problem]] = {
    NumberTaken: AnotherNotice,
    KeyTaken: AnotherBody,
    ProbablyTheSame: ProbableDuplicate,
    WasRevoked: Revoked,
}


@contextmanager
def refused(path: str) -> Iterator[None]:
    """Turns what forbids a request into its problem; `path` is where it was sent.

    Raises:
        Problem: see `services.intake.refusals`.
    """
    try:
        yield
    except PublicationRefused as error:
        meeting = error.meeting_id
        raise _PROBLEMS[type(error)](extra={"meeting": f"/v1/conclusions/{meeting}"}, meeting_id=meeting) from error
    except TooManyTasks as error:
        raise MoreTasks(most=MOST_TASKS) from error
    except EventsTooLarge as error:
        raise MoreBytes from error
    except ChangesTooMuch as error:
        raise TooManyChanges from error
    except NoSuchNotice as error:
        raise NotFound(what=path) from error
    except AnotherVersion as error:
        version = error.known.version
        headers = {"ETag": entity_tag(version)}
        raise PreconditionFailed(headers=headers, extra={"version": version}, version=version) from error
    except NotInThisState as error:
        state = CONCLUSION_STATES[error.known.state]
        raise WrongState(extra={"state": error.known.state}, state=state, meeting_id=error.known.meeting_id) from error
    except UnknownDirective as error:
        raise _field(error.pointer, "unknown-directive", _UNKNOWN_DIRECTIVE, error.directive_id) from error
    except UnassignedPhrase as error:
        raise _field(error.pointer, "unassigned-phrase", _UNASSIGNED, error.phrase) from error
    except UnknownMeantUnit as error:
        raise _field(error.pointer, "unknown-unit", _UNKNOWN_UNIT, error.unit_id) from error
    except UnknownEvent as error:
        raise NewerRelease from error
    except UnreadableEvent as error:
        raise EventUnreadable from error
    except LogRefused as fault:
        log.error("log_refused", fault=str(fault))
        raise Unavailable(LOG_REFUSES) from fault
    except LogFault as fault:
        raise Unavailable(LOG_AWAY) from fault


def _field(pointer: str, code: str, words: Words, named: str) -> Invalid:
    return Invalid(errors=[FieldProblem(pointer, code, words, {"id": named})])
