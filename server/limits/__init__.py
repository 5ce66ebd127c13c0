"""What keeps the service answering under any load: queues of bounded length, and rates per key and end user."""
