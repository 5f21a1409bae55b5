"""What is owed to conversations, and its delivery."""
