"""The commands of `brief`: options in, diagnostics out; a module for those that belong together."""
