"""The HTTP surface of the pipeline: each route declares what it takes and gives, and makes one call."""

from services.pipeline.views import deals, products, progress, stage_definitions

ROUTES = [deals.routes, progress.routes, products.routes, stage_definitions.routes]
