"""The local run: real servers, a local AWS and demo data. Never deployed."""
