"""How far the tables are migrated, and which releases work with them: what a copy has to know of them."""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.engine import Connection

from shared.release import RELEASE, STEP

_EXISTS = text("SELECT to_regclass('public.schema_step')")
_READ = text("SELECT step, beside FROM public.schema_step")
_MAKE = text("CREATE TABLE IF NOT EXISTS public.schema_step (step text NOT NULL, beside integer NOT NULL)")
_READERS = text("SELECT rolname FROM pg_roles WHERE rolname IN ('ketluan_tasks', 'ketluan_notify')")
_CLEAR = text("DELETE FROM public.schema_step")
_WRITE = text("INSERT INTO public.schema_step VALUES (:step, :beside)")


class Schema(NamedTuple):
    """The newest step that was run, and the oldest release that works with the tables as it left them."""

    step: str
    beside: int

    def fault(self) -> str | None:
        """Why this release cannot work with the tables; None where it can."""
        if self.step < STEP:
            return f"the database is at step {self.step}, and this release needs {STEP}: migrate it first"
        if self.beside > RELEASE:
            return (
                f"the database is at step {self.step}, and only release {self.beside} or later works with it; "
                f"this is release {RELEASE}"
            )
        return None

    def write(self, connection: Connection) -> None:
        """Notes it, in the transaction that made it so."""
        connection.execute(_MAKE)
        for role in connection.scalars(_READERS).all():
            connection.execute(text(f"GRANT SELECT ON public.schema_step TO {role}"))
        connection.execute(_CLEAR)
        connection.execute(_WRITE, self._asdict())


def schema_of(connection: Connection) -> Schema | None:
    """What the last migration noted; None where none did."""
    if connection.scalar(_EXISTS) is None:
        return None
    row = connection.execute(_READ).one_or_none()
    return Schema(*row) if row else None
