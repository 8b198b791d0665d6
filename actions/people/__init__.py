"""What a citizen says of people in the conversation: reading it, asking for what is missing, keeping it."""
