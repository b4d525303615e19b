"""The rules about accounts and contacts, in plain Python."""
