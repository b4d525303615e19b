"""Leads: from first interest, through pools and follow-ups, to account, contact and deal."""
