"""`ketluan run` with its real servers, as a person starts, breaks and stops it."""
