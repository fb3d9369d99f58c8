"""Generated requests to every route of every service, through the gateway: answers and the log are judged."""
