"""Getting deliveries out: safe connections, signatures, lanes in order, and a sender that keeps many lanes busy."""
