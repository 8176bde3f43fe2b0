"""Tools that read plans and traces."""
