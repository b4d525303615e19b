"""The webhooks service: events leave the platform, pushed to endpoints and pulled from the feed."""
