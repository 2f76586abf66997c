"""The page: what it says (`content.py` and its parts), and the template, style and script it is said with."""
