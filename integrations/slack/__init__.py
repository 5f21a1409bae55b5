"""Slack as a chat: slash command, mentions, 1:1 messages, buttons and forms in; cards, threads and forms out."""
