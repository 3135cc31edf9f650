"""The RealWorld API on webzeug: users, profiles, articles, comments and tags."""
