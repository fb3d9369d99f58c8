"""The steps that make the log and the database as the services need them."""
