"""
The console: pages for those who watch and administer the gateway.
"""
