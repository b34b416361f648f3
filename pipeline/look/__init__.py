"""How a brief looks: tokens of the theme, the CSS that a template may write, page markings.

In: theme.yaml files, stylesheets, a marking. Out: a checked Theme and CSS. This package does not
set pages and knows no words.
"""
