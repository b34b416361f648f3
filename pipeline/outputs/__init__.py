"""What stands in out/: manifests, quote ledgers, which files are fresh, and a cache of files.

In: a request and the files that are there. Out: what is fresh, stale, missing or unknown. This
package builds nothing and imports nothing that reads, prints or sets a brief.
"""
