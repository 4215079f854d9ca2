"""All the worker's SQL. `Store` is the only way to the database; nothing outside this room writes a query.

Guaranteed: every effect of an attempt is one transaction that begins with `job_hold`, so an attempt that lost
its lease cannot write; a lost database is waited for and the transaction repeated, and a repetition changes
nothing that a lost commit had already done. Never imports torch.
"""

from archloom.store.store import Store

__all__ = ["Store"]
