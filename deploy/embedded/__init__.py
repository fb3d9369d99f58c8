"""Everything on one machine from one command: the real servers, started, watched and stopped as children."""
