"""Problems of the configuration in the operator's language.

They are made as finished English lines, by the models, by pydantic and by the parser of TOML alike; here a line is read back
into its sentence and what stands in it, and said again from the catalogue. A sentence nobody listed stays English.
"""

import re
from functools import cache

from bot.wording.language import Language, marked

SENTENCES = (
    # Values, in the words of the models.
    marked("is missing"),
    marked("is empty"),
    marked("is a reserved word"),
    marked("unknown key"),
    marked("unknown key; did you mean {near}?"),
    marked("unknown key; known: {known}"),
    marked("unknown key; a {kind} has no {key} at this vendor"),
    marked("unknown vendor; did you mean {near}?"),
    marked("unknown vendor; known: {known}"),
    marked("no {table} is called {name}; did you mean {near}?"),
    marked("no {table} is called {name}"),
    marked("stands in another of these tables already"),
    marked("should be an array of tables, each begun with {header}"),
    marked("should be a table, begun with {header}"),
    marked("should be one word of up to 40 letters, digits, '-', '_' and '.'"),
    marked("should be one word of up to 40 letters, digits, '-', '_' and '.'; this one {odd}"),
    marked("should be a name of up to 40 letters, digits, blanks, '-', '_', '.', '·' and apostrophes"),
    marked("should be a name of up to 40 letters, digits, blanks, '-', '_', '.', '·' and apostrophes; this one {odd}"),
    marked('should be a span of time such as "30m", "4h" or "7d"; did you mean {near}?'),
    marked('should be a span of time such as "30m", "4h" or "7d"'),
    marked("should be ten years at most"),
    marked("should be more than nothing"),
    marked("should be a time zone; did you mean {near}?"),
    marked('should be a time zone such as "Asia/Shanghai"'),
    marked('should be two hours of the day such as "22:00-08:00", or "" for never'),
    marked("should be an address such as https://host/path (plain http for loopback only)"),
    marked("should have no user, query or fragment"),
    marked("should be host or host:port"),
    marked('should be host:port, or "" to switch it off'),
    marked('should be "conversation", "oncall:NAME", "next:NAME", "person:NAME" or "all"'),
    marked("is not measured; measured now: {known}"),
    marked("should be a number"),
    marked("needs a slack or a dingtalk id"),
    marked("below should be a share from 0 to 1"),
    marked("above should be a share from 0 to 1"),
    marked("needs metric"),
    marked("needs above and no below"),
    marked("needs below and no above"),
    marked("has no window with this metric"),
    marked("has no least with this metric"),
    marked("needs a rotation or ics, and not both"),
    marked("a rotation needs start, a date and time with its offset"),
    marked("both a holiday and a workday: {days}"),
    marked("must be an address without path, such as {example}"),
    marked("must be an address such as {example}"),
    marked("must be https; plain http only for loopback addresses"),
    marked('site = "international" needs its own endpoint, {example}'),
    marked("expires must not be before since"),
    marked('"{part}" is not understood; {write}'),
    marked('"{part}" is said twice; {write}'),
    marked('"{part}" must open before it closes, within 0 to 24; {write}'),
    marked("Monday to Friday are missing; {write}"),
    marked('write "always" or "mon-fri 09-18; sat-sun 09-18; holidays"'),
    marked("write {example}"),
    marked("should be one of {choices}"),
    marked("should be true or false"),
    marked("should be an address that begins with http:// or https://"),
    marked("should have {bound} characters at most"),
    marked("should have {bound} characters at least"),
    marked("does not fit: {says}"),
    # Values, in pydantic's words and in ours for them.
    marked('should be a list, such as ["one", "two"]'),
    marked('should be text in quotes, "like this"'),
    marked("should be a whole number, without quotes"),
    marked("should be a day such as 2027-01-01, without quotes"),
    marked("should be a valid number"),
    marked("should be a valid boolean"),
    marked("should be a valid dictionary"),
    marked("should be a path"),
    marked("should be {choices}; '{found}' stands there: did you mean '{near}'?"),
    marked("should be greater than {bound}"),
    marked("should be greater than or equal to {bound}"),
    marked("should be less than or equal to {bound}"),
    marked("should have at least {bound} character"),
    marked("should have at least {bound} characters"),
    marked("should have at most {bound} characters"),
    marked("should have at most {bound} items after validation, not {found}"),
    marked("should have at least {bound} item after validation, not {found}"),
    marked("should match pattern '{pattern}'"),
    marked("should be digits only"),
    marked("should be letters, digits and hyphens only"),
    marked("should be up to 15 letters and digits"),
    marked("should be up to 11 letters and digits, or up to 15 digits"),
    marked("should have timezone info"),
    # Secrets.
    marked('is the name of an environment variable; write "env:NAME", without "$"'),
    marked('what follows "env:" is no name of an environment variable'),
    marked('names nothing behind "{source}:"'),
    marked('has no ":" behind "{source}"; write "{example}"'),
    marked('is the name of a file; write "file:PATH"'),
    marked("the environment variable {name} is not set; did you mean {near}?"),
    marked("the environment variable {name} is not set"),
    marked("the environment variable {name} {odd}"),
    marked("the file {name} cannot be read: {why}"),
    marked("the file {name} cannot be read as UTF-8 text"),
    marked("the file {name} is too large for a secret"),
    marked("the file {name} {odd}"),
    marked("{name} is empty"),
    marked("has {character} in it, which cannot be seen: type it anew"),
    marked("has {character} behind its first {place} characters, which no key or token has"),
    marked("has {character} behind its first character, which no key or token has"),
    marked("has {character} at its beginning, which no key or token has"),
    marked("stands in quotation marks, which would be part of it here: take them off"),
    marked('begins with "{part}", which is no part of it: leave that out'),
    marked("begins with the name of what it is, which is no part of it: leave that out"),
    marked("begins with {character}, which no key or token does: take it off"),
    marked("ends with {character}, which no key or token does: take it off"),
    marked('has {character} in it, which is not the same as "{meant}": type it anew'),
    marked("{path} is nobody's home here: write the whole path"),
    # The file.
    marked(
        "cannot be read: {why}; say signpost init, copy config.example.toml there, or name another file with --config"
    ),
    marked("cannot be read: {why}"),
    marked("is not UTF-8 text; save it as UTF-8"),
    marked("line {number} has '{sign}' where '=' belongs"),
    marked("line {number} is no NAME=value"),
    marked("is no name of a file"),
    marked("not TOML: a number or a nesting too long to read"),
    marked("{meaning}; the line is: {line}"),
    marked("line {line}, column {column}"),
    marked("end of document"),
    marked("a quotation mark is opened and not closed on the same line"),
    marked('a value is missing; text stands in quotes, "like this"'),
    marked("true and false are written in small letters"),
    marked('invalid value; text stands in quotes, "like this"'),
    marked("a backslash begins a special character; write \\\\, or put the text into 'single quotes'"),
    marked("this key stands in the same table already"),
    marked("this table stands in the file already"),
    marked('{character} is no quotation mark here; TOML wants the straight ", as in "like this"'),
    marked("{character} stands here and cannot be seen; take it out"),
    marked('{character} stands here; a key and its value are parted by "="'),
    marked('{character} is not the same as "{meant}"; type it anew'),
    marked("something stands behind the value; the next key begins a line of its own"),
    marked('a key and its value are parted by "="'),
    marked("a line that begins with two brackets ends with two"),
    marked("a line that begins with a bracket ends with one"),
    marked("a list is opened and not closed, or a comma is missing in it"),
    marked("a brace is opened and not closed, or a comma is missing behind it"),
    marked("the calendar and the clock have no such moment"),
    marked("this is no TOML: a line is a [table], key = value or a # comment"),
    marked("a character stands here that no line may have"),
    marked("this table stands above in single brackets; write {header} there too"),
    marked('{character} cannot stand here; text stands in quotes, "like this"'),
    # What `check` adds.
    marked("must begin with {begins}"),
    marked("must begin with {begins}; this one begins as the app token does"),
    marked("must begin with {begins}; this one begins as the bot token does"),
    marked("should be a channel's id such as C0123456789, not its name; it stands at the end of the channel's details"),
    marked("should be a member's id such as U0123456789, not a name; it stands in the profile under Copy member ID"),
    marked(
        "should be a user group's id such as S0123456789, not its name; it stands at the end of the group's address"
    ),
    marked(
        "should be an openConversationId, which begins with cid; mention the robot in the group, its answer names the id"
    ),
    marked(
        "should be a user id such as manager4567, not a name; have the person write to the robot, its answer names the id"
    ),
    marked("is still the one of config.example.toml; put your own in its place, or take the table out"),
    marked("is the same as {key}; copy it again"),
    marked("could be guessed; make one with {command}"),
    marked("others may read it; say {command}"),
    marked("there is no file {path}"),
    marked("should be a mobile number such as 13800000000, abroad with + and the country's code"),
    # What is read and does nothing yet.
    marked(
        "policy.second_person: nobody who may approve is named, so what waits can only expire; give somebody the role approver"
    ),
    marked("policy.quorum is {quorum}, and only {count} may approve: what waits can only expire"),
    marked("[[oncall]] is not used yet: nobody is called"),
    marked("[[escalation]] is not used yet: alerts are repeated in the conversations only"),
    marked("{key} does nothing while bot.http_listen is empty"),
    # The record.
    marked("{path} may not be read or written by this user: {remedy}"),
    marked("{path} may not be written by this user: {remedy}"),
    marked("{path} cannot be made: {there} may not be written: {remedy}"),
    marked("{path} cannot be made: {there} is a link that leads nowhere: {remedy}"),
    marked("{path} is a link that leads nowhere: {remedy}"),
    marked("{path} is a link that leads back to itself: {remedy}"),
    marked("{path} is on a file system that is mounted read-only: {remedy}"),
    marked("{path} has no room left: {remedy}"),
    marked("{path} has no room left: this user's quota is used up: {remedy}"),
    marked("{path} cannot be a folder: a part of it is a file: {remedy}"),
    marked("{path} is a file and should be a folder: {remedy}"),
    marked("{path} is a folder and should be a file: {remedy}"),
    marked("{path} is a pipe or a device and should be a file: {remedy}"),
    marked("{path} cannot be made: {remedy}"),
    marked("{path} is too long for the name of a file: {remedy}"),
    marked("{path} has a character in it that no file can have: {remedy}"),
    marked("{path} cannot be read: the disk reports a fault: {remedy}"),
    marked("{path} cannot be used ({said}): {remedy}"),
    marked("{path} is no SQLite file: {remedy}"),
    marked("{path} is no SQLite file ({said}): {remedy}"),
    marked("{path} is damaged (it is cut off): {remedy}"),
    marked("{path} is damaged ({said}): {remedy}"),
    marked("{path} cannot be written: there is no room left ({said}): {remedy}"),
    marked("{path} is held by another program ({said}): {remedy}"),
    marked("{path} cannot be read or written: the disk reports a fault ({said}): {remedy}"),
    marked("{path} may not be written by this user ({said}): {remedy}"),
    marked("{path} may not be read or written by this user ({said}): {remedy}"),
    marked("{path} cannot be opened by this user ({said}): {remedy}"),
    marked("{path} cannot be written ({said}): {remedy}"),
    marked("{path} takes nothing ({said}): {remedy}"),
    marked("{path} is no record of signpost (its tables are missing): {remedy}"),
    marked("{path} is no record of signpost, but another program's SQLite file: {remedy}"),
    marked("{path} is gone, while a part of it still stands in {beside}: {remedy}"),
    marked("put it back beside that, or move {beside} away to begin a new record"),
    marked("{path} was written by a newer signpost ({step}): {remedy}"),
    marked("give the user that runs signpost the right to write there, or name another folder"),
    marked("mount it for writing, or name another folder"),
    marked("name a folder that is there or can be made"),
    marked("name a folder"),
    marked("name another place, or make room there"),
    marked("move that folder away"),
    marked("move it away, or name another folder"),
    marked("move it away"),
    marked("make room on that disk"),
    marked("make room, or raise the quota"),
    marked("correct the link"),
    marked("look at the disk, then at the last backup"),
    marked("look at the disk and its room"),
    marked("close what else has it open, an SQLite browser for example"),
    marked("start that version, or put the backup that was made before it in its place"),
    marked("nothing more was done; mend that and start again"),
    marked("stop the bot and put the last backup in its place (docs/record.md)"),
    # What commands on the record say.
    marked("There is no record at {path}. It is made by the first `signpost run`."),
    marked("Another signpost works on {path}. Say it in its chat, or stop it first."),
    marked("{whole}. There is no copy."),
    marked("{path} exists already; a backup never overwrites."),
    marked("{path}: {size} bytes."),
    marked("{number} events, the chain is whole."),
    marked("{number} event, the chain is whole."),
    marked("Event {number} does not follow from the one before it: it was changed, or rows before it were removed."),
    marked("The output cannot be written: {why}. What is there now is not whole."),
    marked("cannot listen on {address} ({why})"),
    # What the operating system says.
    marked("No such file or directory"),
    marked("Permission denied"),
    marked("Is a directory"),
    marked("Not a directory"),
    marked("File name too long"),
    marked("Too many levels of symbolic links"),
    marked("Input/output error"),
    marked("No space left on device"),
    marked("Address already in use"),
    marked("Cannot assign requested address"),
    # The rest of what is wanted.
    marked("should be {choices}"),
)
"""Every sentence of a problem; where several fit, the first counts."""

_FORMS = {"column": "[0-9]+", "begins": "[a-z]+-", "whole": ".+"}
"""What certain holes can hold; any other holds anything."""

_NO_PATH = "(?:(?!: ).)+?"
"""Where a sentence begins with a hole, no path before the sentence is taken for a part of it."""

_HOLE = re.compile(r"\{([a-z]+)\}")


def problem(language: Language, line: str) -> str:
    """A problem in the operator's language.

    Args:
        language: of the operator.
        line: in English: the sentence, or paths and places before it, each with a colon behind it.
    """
    if language.code == "en" or not line:
        return line
    starts = [0, *(found.end() for found in re.finditer(": ", line))]
    for start in starts:
        if (said := _said(language, line[start:])) is not None:
            before = [_said(language, part) or part for part in line[:start].split(": ") if part]
            return "：".join((*before, said))
    return line


def _said(language: Language, text: str) -> str | None:
    """A sentence with what stands in it, both in the language; none where it is not listed."""
    for template, pattern in _patterns():
        if found := pattern.fullmatch(text):
            parts = {name: problem(language, part) for name, part in found.groupdict().items()}
            if "choices" in parts:
                parts["choices"] = parts["choices"].replace(", ", "、").replace(" or ", " 或 ")
            return language.text(template, **parts)
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each sentence as what finds it; a path before it is no part of what begins a sentence."""
    patterns = []
    for template in SENTENCES:
        parts = _HOLE.split(template)
        pattern = "".join(
            f"(?P<{part}>{_FORMS.get(part, _NO_PATH if index == 1 and not parts[0] else '.+?')})"
            if index % 2
            else re.escape(part)
            for index, part in enumerate(parts)
        )
        patterns.append((template, re.compile(pattern, re.DOTALL)))
    return tuple(patterns)
