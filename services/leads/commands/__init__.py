"""What can be done: to leads one by one and in batches, and to pools."""
