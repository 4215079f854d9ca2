"""Data sets, read from their original files into numpy arrays. Nothing here imports torch."""
