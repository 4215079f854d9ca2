"""Code that runs in the jail, and only there: the zygote, and in each of its forks the judge of one
candidate.

Its sources are sent through a pipe. Nothing outside this folder imports it, since it imports torch.
"""
