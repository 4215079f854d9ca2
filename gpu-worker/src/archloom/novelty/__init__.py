"""Is a program new? Exact Jaccard similarity of 7-token shingles, the contract frame subtracted. Never
imports torch.
"""
