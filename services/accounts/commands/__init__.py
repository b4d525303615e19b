"""What can be done: to accounts and contacts, one by one, in batches, and from converted leads."""
