"""
What C{smsgw check} looks at: facts are gathered in one place, judged in another.
"""
