"""The states that events lead to. All of it can be dropped and rebuilt from the log."""
