"""Takes notices of conclusions and publishes them to the log. Keeps no database."""
