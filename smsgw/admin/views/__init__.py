"""
The pages, one module per noun: query, form, template.
"""
