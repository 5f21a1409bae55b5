"""A request's life, from what was typed to what the carriers say."""
