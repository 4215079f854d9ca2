"""The language model: writes programs and learns from the selected ones, in a process of its own.

`client.LanguageClient` is the door for the rest of the worker; it and `interface` never import torch.
"""
