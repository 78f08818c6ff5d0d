"""What every handler needs: the message, its sender and their rights, drafts, the registry's names."""
