"""What everything else is said in: values and promises. An integration sees nothing else of `bot`."""
