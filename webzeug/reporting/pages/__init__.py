"""Pages for the developer's browser: what is wrong on disk, why no route answers, what failed."""
