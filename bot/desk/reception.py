"""The one way in: text → who may → dialogue or command → handler → answer. The same for every chat."""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial

import structlog

from bot.commands import opening
from bot.commands.command import Command, Declaration, Mistake, NotForUs, Parsed, Reason, Router
from bot.commands.mistakes import mistake
from bot.commands.nearest import shown
from bot.commands.parsing import is_command, is_number, parse
from bot.contracts import mentions, personal
from bot.contracts.characters import plain_lines, whole
from bot.contracts.chat import Card, Post
from bot.contracts.errors import (
    DeliveryError,
    DeliveryRetry,
    NotEditable,
    RecordUnavailable,
    UserError,
    VendorError,
    refusal,
)
from bot.contracts.message import Commands, Items, Mark, Message, Text
from bot.contracts.model import Incoming, Place, Question, Role, Words
from bot.desk import access, changing, clarify, in_private, pairing, plainly, questions, start
from bot.desk.access import Access
from bot.desk.answers import Said, answers_a_question
from bot.desk.at_the_door import without_numbers
from bot.desk.context import Context, Reply, WhichAccount, takes_files
from bot.desk.deliveries import STORED_WITHIN, Deliveries
from bot.desk.services import Services
from bot.desk.turned_away import NOT_KEPT, may_not, not_kept, nothing_taken, refused_here, rest_waits
from bot.store import dialogues, notices
from bot.store.units import Unit, as_one
from bot.wording.language import Language
from bot.wording.refusals import refusal_blocks
from bot.wording.view import View, next_commands, user_key

log = structlog.get_logger(__name__)

SAY_AGAIN = (0.5, 2.0)
"""Seconds before an answer that a chat did not take is said again; after that it is given up, the asker asks again."""


SAY_PATIENCE = 30.0
"""The longest of these pauses, however long a chat asks for."""

Answers = Mapping[str, Callable[[Context, Question], Awaitable[Reply]]]
"""What a dialogue does (`fill`, `delete`, …) → who takes the next answer."""


class Reception:
    """Takes in what was said and answers it.

    Args:
        services: what handlers may use.
        router: the commands.
        answers: the dialogues.
    """

    def __init__(
        self,
        services: Services,
        router: Router[Context, Reply],
        answers: Answers,
    ) -> None:
        self._services = services
        self._router = router
        self._answers = answers
        self._deliveries = Deliveries(services.database, services.clock)

    async def receive(self, incoming: Incoming) -> None:
        """Deal with one thing somebody said, and answer in the same place. Never raises for what was typed.

        The same delivery twice is dealt with once (`Deliveries`).
        """
        origin = f"{incoming.place.platform}:{incoming.origin}"
        if not await self._deliveries.begin(origin):
            return
        try:
            await self._deal_with(incoming)
        finally:
            await self._deliveries.end(origin)

    async def _deal_with(self, incoming: Incoming) -> None:
        values = tuple((key, whole(value)) for key, value in incoming.values)
        incoming = replace(incoming, text=whole(incoming.text), values=values)
        if not incoming.styled:  # which counts characters
            incoming = replace(incoming, text=plain_lines(incoming.text))
        incoming, personal_typed = personal.set_apart(incoming)
        incoming = self._named(incoming)
        language = self.language(incoming)
        with structlog.contextvars.bound_contextvars(origin=incoming.origin):
            reply = await self._guarded(incoming, language, personal_typed=personal_typed)
        if reply is not None:
            await self._say(incoming, language, reply)

    def _named(self, incoming: Incoming) -> Incoming:
        """With the names that the configuration gives, of whom is mentioned and of the actor, whatever their chat calls them."""
        actor, names = incoming.actor, self._services.settings.names
        texts = (incoming.text, *(value for _, value in incoming.values))
        mentioned = {one.key: names.get(user_key(one.key), "") for text in texts for one in mentions.all_in(text)}
        incoming = mentions.named(incoming, mentioned) if mentioned else incoming
        name = names.get(user_key(actor.key), "")
        return replace(incoming, actor=replace(actor, name=name)) if name else incoming

    def language(self, incoming: Incoming) -> Language:
        """The language of a conversation."""
        return self._services.views.language(incoming.place)

    async def _guarded(self, incoming: Incoming, language: Language, *, personal_typed: bool) -> Reply:
        async def waits(why: Words) -> None:
            await self._say(incoming, language, rest_waits(self._view(language), why), key="waits")

        unit = Unit(waits)
        try:
            with as_one(unit):
                return await self._answer(incoming, language, personal_typed=personal_typed)
        except UserError as error:
            return _cannot(self._view(language), error)
        except VendorError as error:
            log.warning("vendor refused a question", code=error.code, error=error.message)
            title = language.line("**The vendor did not answer this.**")
            return Message(title=title, mark=Mark.BAD, blocks=refusal_blocks(language, "", refusal(error)))
        except RecordUnavailable as error:
            return nothing_taken(self._view(language), error, partly=unit.begun)
        except Exception:  # the boundary towards people: they get a number, the log gets the trace
            number = secrets.token_hex(4)
            log.exception("a command failed", fault=number)
            title = language.line("**This did not work, and the fault is mine.**")
            text = language.line("The operator finds the details in the log under `{number}`.", number=number)
            return Message(title=title, mark=Mark.BAD, blocks=(Text(text),))

    def _view(self, language: Language) -> View:
        return self._services.views.view(language, self._services.clock.now())

    async def _answer(self, incoming: Incoming, language: Language, *, personal_typed: bool) -> Reply:
        services = self._services
        allowed = self._allowed(incoming)
        if incoming.invited:  # it is for everybody there, and where it is served whoever comes says what they want
            return None if allowed.served else replace(refused_here(incoming, language, allowed), shared=True)
        if not allowed.served:
            return refused_here(incoming, language, allowed)
        context = self._context(incoming, language, allowed)
        if not incoming.direct and (personal_typed or personal.is_id_number(incoming.text)):
            return in_private.belongs_elsewhere(context)
        if not is_command(incoming.text, self._router, services.speech.vocabulary):
            if pairing.may_concern(incoming) and (handed := await pairing.hand_over(context, self.context)):
                if handed.reply is not None:
                    await self._say(handed.there, self.language(handed.there), handed.reply)
                return handed.here
            async with services.dialogues.turns.of(questions.who(context)):
                asked = await services.database.read(lambda db: dialogues.get(db, incoming.place, incoming.actor))
                if asked is not None and asked.open(services.clock.now()) and not _looks_up(asked, incoming.text):
                    if asked.data["do"] == clarify.DO:
                        return await self._clarified(context, asked)
                    if context.role < Role.SUBMITTER:  # it was taken from them since
                        return may_not(context, context.view.typed("edit"), Role.SUBMITTER)
                    answered = await self._answers[str(asked.data["do"])](context, asked)
                    # The question stands there for everybody, and so does what became of it.
                    return None if answered is None else replace(answered, shared=True)
        return await self._said(context)

    async def _said(self, context: Context) -> Reply:
        """Do what was said, which answers no question; a file beside it that it has no use for is not dropped silently."""
        said = without_numbers(context.incoming, self._router, self._services.speech.vocabulary)
        context = replace(context, incoming=said)
        parsed = parse(said.text, self._router, self._services.speech.vocabulary)
        reply = await self._done(context, parsed)
        useful = isinstance(parsed, NotForUs) or (isinstance(parsed, Command) and takes_files(parsed.declaration))
        return reply if reply is None or useful else not_kept(context, reply)

    async def _done(self, context: Context, parsed: Parsed) -> Reply:
        language, text = context.language, context.incoming.text
        match parsed:
            case NotForUs():
                return self._nothing_said(context)
            case Mistake(declaration=Declaration() as at_hand) if parsed.certain and context.role < at_hand.role:
                return may_not(context, at_hand.spelled(language.code), at_hand.role)
            case Mistake() if not context.incoming.can_ask and self._answers_nothing(parsed, text):
                title = language.line("Lines that are piped in are whole commands; nothing is asked in between.")
                return Message(title=title, mark=Mark.BAD, blocks=(self._begin_with(context),))
            case Mistake() if parsed.reason is not Reason.INCOMPLETE_COMMAND and answers_a_question(text):
                title = language.line("I am not asking you anything here now.")
                return Message(title=title, mark=Mark.BAD, blocks=(self._begin_with(context),))
            case Mistake(reason=Reason.UNKNOWN_COMMAND) if strange := await pairing.anothers(context):
                return strange
            case Mistake(reason=Reason.UNKNOWN_COMMAND | Reason.SENTENCE) if opening.greets(text):
                return start.page(context)
            case Mistake(reason=Reason.SENTENCE) | Mistake(reason=Reason.UNKNOWN_COMMAND, declaration=None):
                title = language.line("I did not understand “{said}”.", said=shown(text))
                return start.page(context, title, mark=Mark.BAD, about=parsed.choices)
            case Mistake():
                sayable = [one for one in self._router.declarations if one.role <= context.role]
                return await clarify.mistaken(context, parsed, mistake(language, parsed, sayable))
            case Command():
                return await self._run(_with_what_a_form_said(parsed, context.incoming), context)

    def _answers_nothing(self, parsed: Mistake, text: str) -> bool:
        """Whether what is no command would be an answer, had anything been asked."""
        unknown = parsed.reason in (Reason.UNKNOWN_COMMAND, Reason.SENTENCE)
        return answers_a_question(text) or (unknown and self.begins(text))

    async def _clarified(self, context: Context, asked: Question) -> Reply:
        """Somebody was asked what they meant, and said something."""
        text = context.incoming.text
        meant = clarify.meaning(asked.data, text, self._services.speech.vocabulary, self._read)
        match meant:
            case Said.CANCEL:
                await clarify.over(context)
                return clarify.left(context)
            case Said.NOTHING if clarify.guessed(asked) or self._read(text) is not None:
                return await self._said(context)
            case Said.NOTHING:
                return not_kept(context, clarify.again(context, asked))
            case clarify.Meant():
                incoming = clarify.said_whole(context, asked, meant)
                await clarify.over(context)
                return await self._said(replace(context, incoming=incoming))
            case _:
                raise AssertionError(meant)

    def _nothing_said(self, context: Context) -> Message:
        """A mention without a word, or a file that nobody asked for."""
        if context.incoming.files:
            title = context.language.line(NOT_KEPT)
            return Message(title=title, mark=Mark.BAD, blocks=(self._begin_with(context),))
        return start.page(context)

    @staticmethod
    def _begin_with(context: Context) -> Commands:
        return next_commands(context.view, context.language.text("status mine"), "sign submit …", "help")

    def understood(self, incoming: Incoming) -> Command | None:
        """The command that was said; none where it is none."""
        return self._read(incoming.text)

    def understood_text(self, text: str) -> Command | None:
        """The same of a text that nobody said yet."""
        return self._read(text)

    def _read(self, text: str) -> Command | None:
        parsed = parse(text, self._router, self._services.speech.vocabulary)
        return parsed if isinstance(parsed, Command) else None

    def begins(self, text: str) -> bool:
        """Whether a text begins with something that is said to the program."""
        return opening.begins(text, self._router, self._services.speech.vocabulary)

    def not_served(self, incoming: Incoming) -> Message:
        """Why somebody is not served in a place."""
        return refused_here(incoming, self.language(incoming), self._allowed(incoming))

    def _allowed(self, incoming: Incoming) -> Access:
        chats = self._services.chats
        return access.role_of(
            incoming.actor,
            incoming.place,
            self._services.settings,
            chats.groups,
            direct=incoming.direct,
            operator=chats.can(incoming.place.platform).operator,
        )

    def context(self, incoming: Incoming) -> Context | None:
        """What somebody may do in a place, without anything having been said; none where they are not served."""
        allowed = self._allowed(incoming)
        return self._context(incoming, self.language(incoming), allowed) if allowed.served else None

    def _context(self, incoming: Incoming, language: Language, allowed: Access) -> Context:
        return Context(
            services=self._services,
            incoming=incoming,
            language=language,
            role=allowed.role,
            accounts=self._accounts(incoming),
        )

    async def _run(self, command: Command, context: Context) -> Reply:
        declaration = command.declaration
        if context.role < declaration.role:
            return may_not(context, declaration.spelled(context.language.code), declaration.role)
        strangers = [account for account in command.accounts if account not in context.accounts]
        if strangers and not command.everything:
            title = context.language.line(
                "This conversation is not set up for {accounts}.", accounts=context.language.joined(strangers)
            )
            return Message(title=title, mark=Mark.BAD)
        if doubts := plainly.in_command(command, context.incoming):
            return plainly.asked_back(context.view, doubts, command, context.incoming, self._read)
        log.info("command", command=" ".join(declaration.words), actor=context.incoming.actor.key)
        asked = await clarify.asked_about(context, command, self._declared)
        try:
            reply = await self._router.handler(declaration)(plainly.readable(command), context)
        except WhichAccount as wanted:
            if not context.incoming.can_ask:
                return _cannot(context.view, wanted)
            return await clarify.which_account(context, wanted)
        except UserError as error:
            return await clarify.refused(context, error, _cannot(context.view, error))
        if asked is not None:
            await clarify.over(context, asked)
        return reply

    def _declared(self, text: str) -> Declaration | None:
        """Which command a text is, or is not quite."""
        parsed = parse(text, self._router, self._services.speech.vocabulary)
        return None if isinstance(parsed, NotForUs) else parsed.declaration

    def _accounts(self, incoming: Incoming) -> tuple[str, ...]:
        every = tuple(self._services.vendors)
        listed = self._services.settings.conversation(incoming.place)
        if listed is None or not listed.accounts:
            return every
        return tuple(account for account in every if account in listed.accounts)

    async def _say(self, incoming: Incoming, language: Language, reply: Message, *, key: str = "reply") -> None:
        chat = self._services.chats.listening[incoming.place.platform]
        post = Post(
            place=incoming.place,
            message=reply,
            language=language.code,
            key=f"{key}:{incoming.origin}",
            under=incoming.place.thread,
            answers=incoming.origin,
            asker="" if reply.shared else incoming.actor.key,
            card=_question_card(reply),
        )
        # What is refused or not understood never takes a message's place: it is not what others want to read there.
        turned = incoming.replaces if chat.abilities.edits and reply.mark is not Mark.BAD else ""
        for pause in (*SAY_AGAIN, None):
            try:
                if turned:
                    await chat.edit(turned, post)
                else:
                    await self._stands(incoming.place, reply, await chat.post(post))
            except NotEditable:
                turned = ""
            except DeliveryRetry as error:
                if pause is None:
                    log.warning("reply not delivered", error=str(error))
                    return
                await asyncio.sleep(min(max(pause, error.retry_after or 0.0), SAY_PATIENCE))
                post = replace(post, again=True)
            except DeliveryError as error:
                log.warning("reply not delivered", error=str(error))
                return
            else:
                return

    async def _stands(self, place: Place, reply: Message, message_id: str) -> None:
        """Remember where a question stands, to close it there."""
        if reply.question and message_id:
            with contextlib.suppress(TimeoutError):  # held until the record takes it
                stands = partial(notices.remember_message, place=place, subject=reply.question, message_id=message_id)
                await self._services.database.store(stands, within=STORED_WITHIN)


def _looks_up(asked: Question, text: str) -> bool:
    """Whether something is looked up (`#4`) rather than answered: what is filled in, or agreed to, is no number of ours."""
    return asked.data["do"] not in (clarify.DO, changing.DO) and text.strip().startswith("#") and is_number(text)


def _question_card(reply: Message) -> Card | None:
    """A question with buttons is the card of itself: what its buttons are about, and which question it is."""
    if not (reply.question and reply.buttons):
        return None
    return Card(reply.question, reply.buttons[0].target, reply.question.partition(":")[0])


def _cannot(view: View, error: UserError) -> Message:
    """What somebody asked for cannot be done: why, and what would work."""
    blocks = (Items(tuple((line,) for line in error.details)),) if error.details else ()
    spelled = tuple(view.typed(command) for command in error.commands)
    ahead = (Commands(view.language.text("Next"), spelled),) if spelled else ()
    return Message(title=(error.title,), mark=Mark.BAD, blocks=(*blocks, *ahead))


def _with_what_a_form_said(command: Command, incoming: Incoming) -> Command:
    """The command of the text, with what was filled in beside it."""
    command = replace(command, values=(*command.values, *incoming.values))
    return replace(command, accounts=incoming.accounts, everything=False) if incoming.accounts else command
