"""Image files of a user's folders, archives and tables."""
