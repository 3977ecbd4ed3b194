"""The send path under a clock of its own: thousands of accounts in minutes. Decision 36 says what is real."""
