"""`[dingtalk]` of the configuration."""

from pydantic import Field

from bot.contracts.values import Address, Secret, Table, WebhookHost


class DingTalk(Table):
    """`[dingtalk]`: left out, the program runs without DingTalk."""

    client_id: Secret = Field(description="The app's Client ID (AppKey).")
    client_secret: Secret = Field(description="The app's Client Secret (AppSecret).")
    api_base: Address = Field(default="https://api.dingtalk.com", description="DingTalk's present API.")
    oapi_base: Address = Field(default="https://oapi.dingtalk.com", description="DingTalk's older API.")
    allowed_webhook_hosts: tuple[WebhookHost, ...] = Field(
        default=("oapi.dingtalk.com",), description="Hosts (host or host:port) that a session webhook may point to."
    )
    card_template_id: str = Field(
        default="", description="A card with the variables id, title, body, state; may be empty."
    )
    monthly_calls: int = Field(
        default=5000, ge=1, description="Calls of the API a month, as the edition allows; health counts against it."
    )
