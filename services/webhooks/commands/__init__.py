"""What the webhooks service can be told to do."""

from services.webhooks.commands.deliveries import resend_delivery, send_test
from services.webhooks.commands.endpoints import (
    change_endpoint,
    create_endpoint,
    delete_endpoint,
    disable_endpoint,
    rotate_secret,
)
from services.webhooks.commands.intake import take_in

__all__ = [
    "change_endpoint",
    "create_endpoint",
    "delete_endpoint",
    "disable_endpoint",
    "resend_delivery",
    "rotate_secret",
    "send_test",
    "take_in",
]
