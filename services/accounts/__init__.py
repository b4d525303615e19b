"""Accounts: the companies a tenant sells to, and the people there."""
