"""The published JSON Schemas, and what writes them from the records.

In: the records of content, templating and look. Out: the *.schema.json files beside this one, for
editors to complete and check YAML by. Nothing here checks content: the loader does.
"""
