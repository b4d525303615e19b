"""The rules of tenants, units, users and passwords, in plain Python."""
