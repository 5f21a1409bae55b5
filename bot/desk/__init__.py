"""Where people are served: what was said comes in, an answer goes out."""
