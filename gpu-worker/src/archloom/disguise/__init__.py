"""Networks in disguise: machine-made copies that compute the same, and edits that do not.

For measuring what a novelty test lets through and what it refuses by mistake. Works on Python's syntax trees
and never imports torch; whether a copy really computes the same is proved in the jail (`proof`),
independently of any fingerprint.
"""
