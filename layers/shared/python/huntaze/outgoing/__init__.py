"""What people do with messages on their way: send, look after them, try again, withdraw, decide."""
