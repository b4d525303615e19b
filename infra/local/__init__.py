"""The launcher behind `make up`: which servers run on this machine, who keeps them running, what the user sees."""
