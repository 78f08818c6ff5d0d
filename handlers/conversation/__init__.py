"""What every handler needs: the request, its sender and rights, drafts, the registry's names."""
