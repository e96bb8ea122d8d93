"""What anyone may start, also before the bot knows who they are."""
