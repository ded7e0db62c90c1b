"""
A made-up past of a hospital, as the queue would have told it: nothing in it is real.
"""
