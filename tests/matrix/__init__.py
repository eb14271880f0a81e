"""Who sees what, over every channel: one world of things that could leak, one row of answers a route."""
