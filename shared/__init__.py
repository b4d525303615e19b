"""What every Pelagic service stands on: pure vocabulary first, then the edges to servers and HTTP."""
