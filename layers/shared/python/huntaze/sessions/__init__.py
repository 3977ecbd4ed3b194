"""Who is signed in to the web pages."""
