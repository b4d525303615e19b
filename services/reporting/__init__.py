"""Reporting: tables of counts and money, kept current by events, answered by one small read."""
