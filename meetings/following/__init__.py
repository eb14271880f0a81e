"""Following the network: a calendar of one's own by a secret link, and digests in the mail."""
