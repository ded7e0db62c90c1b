"""
The texts that the classifier learns from, and how it learns.
"""
