"""The tenants service through its API, on the real MongoDB."""
