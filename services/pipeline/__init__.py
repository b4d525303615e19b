"""The pipeline service: how a tenant sells, and every deal held to it."""
