"""Traces: what happened in a run, as a file."""
