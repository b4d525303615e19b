"""Envoy's configuration, one module per concern; `gateway.render` puts them together."""
