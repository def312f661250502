"""Small folders as they were downloaded: what a company did, its files, and what can become of files on the way."""
