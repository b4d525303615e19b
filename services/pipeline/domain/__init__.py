"""The rules about stage definitions, products and deals, in plain Python."""
