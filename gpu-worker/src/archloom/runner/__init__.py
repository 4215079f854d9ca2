"""The worker's supervisor: `python -m archloom.runner`. It claims jobs, keeps their leases and never imports
torch.

Threads: the main one starts and ends everything; the keeper holds lock and leases; one for each slot
evaluates; one drives the language process; one selects. What they share is `Leases`, `Wakeup` and `Activity`;
each has its own connection.
"""
