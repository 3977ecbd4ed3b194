"""What is watched: each file adds the alarms of one part."""
