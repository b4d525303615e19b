"""The edge: Envoy's configuration and the small app beside it."""
