"""A chat-completions provider that says what it is told to, as a real server."""
