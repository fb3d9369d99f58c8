"""The same services in containers: what their images are made of, their secrets, and their migration."""
