"""Takes the events of closed years out of the stream, with every proof as it was; only while the services stand."""
