"""What is kept for channels: accounts, numbered choices, files handed out, messages counted."""
