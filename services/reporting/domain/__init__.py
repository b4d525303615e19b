"""The rules of reporting: what is known of a deal, which sums it counts in, how a report is laid out."""
