"""The nats-server that holds the log."""
