"""What a process tells of its own work: logs, metrics and traces, tied together by one correlation id."""
