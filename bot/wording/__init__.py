"""The means of saying: languages, words, the reader. What is said stands with its subject. Pure, no chat's markup."""
