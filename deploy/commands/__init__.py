"""What the commands do that talk to a running installation."""
