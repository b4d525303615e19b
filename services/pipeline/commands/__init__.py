"""What can be done: each function reads, asks the domain, and saves the state with its news."""
