"""The ways to talk to the bot, each in a module or folder of its own; none knows another."""
