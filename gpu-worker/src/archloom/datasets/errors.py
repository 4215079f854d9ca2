"""Failures of data sets. DatasetUnavailable is the root and, so far, the only one."""


class DatasetUnavailable(Exception):
    """A data set is missing, unreadable or not the file that was expected; the message says which and why."""
