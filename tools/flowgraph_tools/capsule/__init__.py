"""Capsules: a failed node alone, with the frames that it was given."""
