"""The HTTP surface of webhooks: endpoints, deliveries, and the feed to pull or to stream."""

from services.webhooks.views import deliveries, endpoints, feed, stream

ROUTES = [endpoints.routes, deliveries.routes, feed.routes, stream.routes]
