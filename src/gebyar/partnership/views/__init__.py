"""Pages of listings and deals."""
