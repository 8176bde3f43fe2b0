"""What a drawn clip can show. Each scene is a module: a ground that stands still, and what moves."""
