"""`[slack]` of the configuration."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.contracts.values import Address, Secret, Table


class Slack(Table):
    """`[slack]`: left out, the program runs without Slack."""

    bot_token: Secret = Field(description="xoxb-…, of the installed app.")
    app_token: Secret = Field(description="xapp-…, for socket mode.")
    base_url: Annotated[Address, AfterValidator(lambda value: value + "/")] = Field(
        default="https://slack.com/api/", description="Slack's Web API."
    )
    sockets: Annotated[int, Field(strict=True, ge=1, le=10)] = Field(
        default=2, description="Socket-mode connections held at once; Slack allows ten."
    )
