"""Plans in chat: upload and preview, settings, closing."""
