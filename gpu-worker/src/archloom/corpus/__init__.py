"""The starter corpus: networks that the loop knows before it starts. Never imports torch."""
