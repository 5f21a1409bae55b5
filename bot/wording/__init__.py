"""What the program says, composed from values in the reader's language. Pure: no I/O, no chat's markup."""
