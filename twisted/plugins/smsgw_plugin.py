"""
Tells twistd of the C{smsgw} service.
"""

from twisted.application.service import ServiceMaker

smsgw = ServiceMaker("smsgw", "smsgw.service", "SMS gateway", "smsgw")
