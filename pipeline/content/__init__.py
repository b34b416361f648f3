"""The content: an article, its summary and its house as frozen records.

In: content/ID/article.md, summary.yaml and house.yaml. Out: Content, or all problems at once; views
of it by question and expert; quotes that were proven. This package prints nothing.
"""
