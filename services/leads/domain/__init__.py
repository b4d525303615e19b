"""The rules about leads and pools, in plain Python."""
