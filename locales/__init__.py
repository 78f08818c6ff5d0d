"""What the bot says: answers as data, and the sentences that render them."""
