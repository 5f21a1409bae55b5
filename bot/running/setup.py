"""The questions of `signpost init`: chat by chat, vendor by vendor, each answer tried at the service it is for."""

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.contracts.clock import SystemClock
from bot.contracts.probe import Finding, Found
from bot.running import chats
from bot.running.check import slack_form
from bot.running.config import ConfigError, Configuration, parse
from bot.running.first_config import FirstConfig, variable
from bot.running.interview import Interview
from bot.running.problems import problem
from bot.running.trial import LABELS, blamed, required, tried
from bot.running.vendors import ACCOUNTS

ADDRESSES: Mapping[str, str] = {
    "slack": "base_url",
    "dingtalk": "api_base",
    "dingtalk.old": "oapi_base",
    "alibaba": "endpoint",
    "alibaba.billing": "billing_endpoint",
    "tencent": "endpoint",
    "ucloud": "endpoint",
}
"""What `--address` can name → the key that it sets."""

NAMES = {"alibaba": "aliyun"}
"""What an account is called unless somebody calls it otherwise; other vendors' have the vendor's word."""


_NOT_ASKED_YET = "xapp-"

PLACES = {"C": 0, "G": 0, "D": 0, "U": 1, "W": 1}
"""First letter of an id of Slack → whether it is a conversation's or a person's."""


@dataclass(slots=True)
class Person:
    """Who sets this up."""

    ids: dict[str, str] = field(default_factory=dict)
    name: str = ""


class Setup:
    """One run.

    Args:
        interview: to ask with.
        path: of the configuration.
        addresses: of services that are not where everybody's are; by the names of `ADDRESSES`.
    """

    def __init__(self, interview: Interview, path: Path, addresses: Mapping[str, str]) -> None:
        self._ask = interview
        self._path = path
        self._addresses = addresses
        self._language = interview.language
        self.config = FirstConfig()
        """What the answers make."""
        self._person = Person()

    def run(self) -> None:
        """Ask everything.

        Raises:
            Left: there are no answers any more.
        """
        listen = self._ask.ask(
            "bot.http_listen",
            self._language.text("Address for health checks; - for none"),
            default="127.0.0.1:8080",
            holds=self._listens,
        )
        listen = "" if listen == "-" else listen
        self.config.add("[bot]", {"data_dir": "data", "language": self._language.code, "http_listen": listen})
        chosen = self._ask.choose(
            "chats",
            self._language.text("Which chats does the team use?"),
            ("slack", "dingtalk"),
            default="all",
            several=True,
        )
        if "slack" in chosen:
            self._slack()
        if "dingtalk" in chosen:
            self._dingtalk()
        self._name_person()
        vendors = self._ask.choose(
            "vendors", self._language.text("Which vendors?"), tuple(ACCOUNTS), default="all", several=True
        )
        for number, vendor in enumerate(vendors, 1):
            self._account(vendor, number)

    # --- Chats -------------------------------------------------------------------------------------------------------

    def _slack(self) -> None:
        ask, language = self._ask, self._language
        ask.say()
        ask.say(
            language.text(
                "Slack. Create the app first: `signpost slack-manifest --link` prints the address; then install it."
            )
        )
        table = {"base_url": self._addresses["slack"]} if "slack" in self._addresses else {}

        def probe(finds: str, **tokens: str) -> str:
            settings = self._settings({"[slack]": {**table, **tokens}})
            asked: list[list[str]] = [[], [], []]
            if finds not in tokens:
                asked[PLACES[finds[0]]].append(finds)
            return self._heard(asyncio.run(chats.slack(settings).probe(*asked)), finds)

        bot = ask.ask(
            "slack.bot_token",
            language.text("Bot User OAuth Token (xoxb-…), under Install App"),
            secret=True,
            holds=lambda token: (
                self._form("bot_token", token) or probe("bot_token", bot_token=token, app_token=_NOT_ASKED_YET)
            ),
        )
        app = ask.ask(
            "slack.app_token",
            language.text("App-Level Token (xapp-…) with connections:write, under Basic Information"),
            secret=True,
            holds=lambda token: self._form("app_token", token) or probe("app_token", bot_token=bot, app_token=token),
        )
        self.config.add(
            "[slack]",
            {
                "bot_token": self.config.secret("SLACK_BOT_TOKEN", bot),
                "app_token": self.config.secret("SLACK_APP_TOKEN", app),
                **table,
            },
        )
        self._places(
            "slack",
            language.text(
                "Id of a channel to serve (C…, at the end of the channel's details); the app must be in it: /invite it"
            ),
            lambda found: self._form("channel", found) or probe(found, bot_token=bot, app_token=app),
        )
        self._someone(
            "slack",
            language.text("Your own member id (U…, in your profile under ⋮ → Copy member ID); - for none"),
            lambda found: self._form("person", found) or probe(found, bot_token=bot, app_token=app),
        )

    def _dingtalk(self) -> None:
        ask, language = self._ask, self._language
        ask.say()
        ask.say(
            language.text(
                "DingTalk. The app with its robot must be published: docs/dingtalk.md says how, step by step."
            )
        )
        table: dict[str, Any] = {
            ADDRESSES[name]: self._addresses[name] for name in ("dingtalk", "dingtalk.old") if name in self._addresses
        }
        if table:
            table["allowed_webhook_hosts"] = sorted({urlsplit(one).netloc for one in table.values()})
        given: dict[str, str] = {}

        def probe(finds: str, group: Sequence[str] = (), person: Sequence[str] = (), **more: str) -> str:
            settings = self._settings({"[dingtalk]": {**table, **given, **more}})

            async def asked() -> list[Finding]:
                chat = chats.dingtalk(settings, SystemClock().now)
                try:
                    return await chat.probe(group, person)
                finally:
                    await chat.stop()

            found = asyncio.run(asked())
            return self._heard(found, finds, *(("",) if finds == "client_secret" else ()))

        while True:
            given["client_id"] = ask.ask(
                "dingtalk.client_id",
                language.text("Client ID (AppKey) of the app"),
                secret=True,
                holds=lambda answer: self._problem({"[dingtalk]": {"client_id": answer}}, "client_id"),
            )
            wrong = ""

            def holds(answer: str) -> str:
                nonlocal wrong
                if found := self._problem({"[dingtalk]": {"client_secret": answer}}, "client_secret"):
                    return found
                wrong = probe("client_secret", client_secret=answer)  # which of the two is wrong nobody tells
                return ""

            given["client_secret"] = ask.ask(
                "dingtalk.client_secret", language.text("Client Secret (AppSecret)"), secret=True, holds=holds
            )
            if not wrong:
                break
            ask.say(f"  ✗ {wrong}")
            ask.drop("dingtalk.client_id", "dingtalk.client_secret")
        self.config.add(
            "[dingtalk]",
            {
                "client_id": self.config.secret("DINGTALK_CLIENT_ID", given["client_id"]),
                "client_secret": self.config.secret("DINGTALK_CLIENT_SECRET", given["client_secret"]),
                **table,
            },
        )
        self._places(
            "dingtalk",
            language.text("Id of a group to serve (cid…; once the bot runs, its answer to a mention names it)"),
            lambda found: probe(found, group=[found]),
        )
        self._someone(
            "dingtalk",
            language.text("Your own user id in DingTalk; - for none"),
            lambda found: probe(found, person=[found]),
        )

    def _places(self, platform: str, question: str, holds: Callable[[str], str]) -> None:
        """Ask for conversations until there are no more."""
        number = 1
        while True:
            key = f"{platform}.conversation.{number}"
            more = self._language.text("Another one; - for no more")
            found = self._ask.ask(
                key,
                self._language.text("{question}; - for none", question=question) if number == 1 else more,
                default="-",
                holds=lambda answer: "" if answer == "-" else holds(answer),
            )
            if found == "-":
                return
            role = self._ask.choose(
                f"{key}.role",
                self._language.text("What may people do there whom nobody named?"),
                ("viewer", "submitter", "responder", "approver"),
                default="viewer",
            )
            self.config.add(
                "[[conversation]]",
                {
                    "platform": platform,
                    "id": found,
                    "topics": ("reviews", "alerts", "digest", "operator"),
                    "default_role": role[0],
                },
            )
            number += 1

    def _someone(self, platform: str, question: str, holds: Callable[[str], str]) -> None:
        found = self._ask.ask(
            f"{platform}.person", question, default="-", holds=lambda answer: "" if answer == "-" else holds(answer)
        )
        if found != "-":
            self._person.ids[platform] = found

    def _name_person(self) -> None:
        if not self._person.ids:
            return
        self._ask.say()
        name = self._ask.ask(
            "person.name", self._language.text("What shall I call you?"), default="admin", holds=self._named
        )
        self.config.add("[[person]]", {"name": name, **self._person.ids, "role": "admin"})

    # --- Vendors -----------------------------------------------------------------------------------------------------

    def _account(self, vendor: str, number: int) -> None:
        ask, language = self._ask, self._language
        ask.say()
        ask.say(language.text("Account at {vendor}.", vendor=vendor))
        taken = [keys["name"] for header, keys in self.config.tables if header == "[[account]]"]

        def named(answer: str) -> str:
            if answer in taken:
                return language.text("That name is taken.")
            return self._problem({"[[account]]": {"name": answer, "vendor": vendor}}, ".name")

        name = ask.ask(
            f"account.{vendor}.name",
            language.text("What people shall call it"),
            default=NAMES.get(vendor, vendor),
            holds=named,
        )
        keys = required(ACCOUNTS[vendor])
        addresses = {
            key: self._addresses[what]
            for what, key in ADDRESSES.items()
            if what.split(".")[0] == vendor and what in self._addresses
        }
        quota: tuple[str, ...] | None = None
        while True:
            values: dict[str, str] = {}
            for key, secret in keys.items():
                label = LABELS[key].said(self._language.code) if key in LABELS else key

                def holds(answer: str, key: str = key) -> str:
                    return self._problem({"[[account]]": {"name": name, "vendor": vendor, key: answer}}, f".{key}")

                values[key] = ask.ask(f"account.{vendor}.{key}", label, secret=secret, holds=holds)
            table: dict[str, Any] = {"name": name, "vendor": vendor, **values, **addresses}
            (account,) = self._settings({"[[account]]": table}).accounts
            found = asyncio.run(tried(account))
            for said in found.said:
                ask.say(f"  ✓ {said.said(self._language.code)}")
            if found.error is None:
                break
            ask.say(f"  ✗ {found.what.said(self._language.code)}")
            if again := blamed(found.error, keys):
                ask.drop(*(f"account.{vendor}.{key}" for key in again))
                continue
            question = language.text("Enter tries again, skip goes on as it is")
            if ask.ask(f"account.{vendor}.again", question, default=language.text("again")) == "skip":
                quota = () if found.said and "quota" in ACCOUNTS[vendor].model_fields else None
                break
            ask.drop(f"account.{vendor}.again")
        kept = {
            key: self.config.secret(variable(name, key, number), value) if keys[key] else value
            for key, value in values.items()
        }
        self.config.add("[[account]]", {"name": name, "vendor": vendor, **kept, **addresses, "quota": quota})

    # --- What holds --------------------------------------------------------------------------------------------------

    def _listens(self, answer: str) -> str:
        if answer == "-":
            return ""
        if wrong := self._problem({"[bot]": {"http_listen": answer}}, "bot.http_listen"):
            return wrong
        host, _, port = answer.rpartition(":")
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            socket.create_server((host.strip("[]"), int(port)), family=family).close()
        except OSError as error:
            return self._language.text("cannot listen there: {why}", why=error.strerror or str(error))
        return ""

    def _named(self, answer: str) -> str:
        return self._problem({"[[person]]": {"name": answer, "role": "admin", **self._person.ids}}, "person")

    def _form(self, key: str, answer: str) -> str:
        return problem(self._language, slack_form(key, answer))

    def _settings(self, tables: Mapping[str, Mapping[str, Any]]) -> Configuration:
        config = FirstConfig()
        for header, keys in tables.items():
            config.add(header, keys)
        return parse(config.text(), accounts=ACCOUNTS, environ={}, base=self._path.absolute().parent)

    def _problem(self, tables: Mapping[str, Mapping[str, Any]], path: str) -> str:
        """What the configuration would find wrong with one key; problems of keys that were not asked for yet do not count."""
        try:
            self._settings(tables)
        except ConfigError as error:
            found = (one.partition(": ") for one in error.problems)
            return problem(self._language, next((what for where, _, what in found if path in where), ""))
        return ""

    def _heard(self, findings: Sequence[Finding], *about: str) -> str:
        """What is wrong with what was asked about; what is well, or worth knowing, is said."""
        mine = [one for one in findings if one.about in about]
        for one in mine:
            if one.found is not Found.WRONG:
                self._ask.say(f"  {'✓' if one.found is Found.WELL else '·'} {self._language.pick(one.what)}")
        return "; ".join(self._language.pick(one.what) for one in mine if one.found is Found.WRONG)
