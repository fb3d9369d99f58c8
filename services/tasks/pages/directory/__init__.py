"""The pages on which the directory is kept: units, people and their roles, and files of both."""
