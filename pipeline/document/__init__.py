"""The Document: what a brief says, in order, before any format has seen it.

In: Markdown, images, words. Out: frozen nodes, and Markdown or JSON written from them. This
package knows no article, no template and no format.
"""
