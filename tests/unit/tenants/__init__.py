"""The rules of tenants, units, users and passwords."""
