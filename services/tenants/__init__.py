"""The tenants service: who subscribes, who their people are, how they are organised, and who is calling."""
