"""Renderers: a Document and its options in, the bytes of one file out, a module a format.

In: a Document and RenderOptions (``contract``). Out: bytes, page numbers and findings. A renderer
reads no article, no template and no disk but the theme's font files, and writes no file.
"""
