"""The pages that people see: meetings, their directives, and what happened to each."""
