"""What every service stands on: the events, the log, the directory, the pages' frame. Imports no service."""
