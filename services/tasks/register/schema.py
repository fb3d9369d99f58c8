"""Where in the database the register lies."""

from sqlalchemy import MetaData

SCHEMA = "register"
metadata = MetaData(schema=SCHEMA)
