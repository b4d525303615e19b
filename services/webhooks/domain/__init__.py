"""The rules of telling others: who listens to what, which addresses are reachable, when to try again."""
