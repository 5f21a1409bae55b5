"""What people say: text in, a command or a mistake out."""
