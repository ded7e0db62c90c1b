"""
The console in real Chromium, over a real gateway with simulated carriers.
"""
