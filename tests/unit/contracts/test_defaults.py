"""An account's defaults: which counts where, what goes along with a submission, and what the operator is told."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.contracts.clock import SystemClock
from bot.contracts.defaults import Defaults, of_kind, problems
from bot.contracts.fields import Fault, Field
from bot.contracts.model import Attachment, Kind
from bot.requests.check.accounts import Check, Counts
from bot.requests.preparation import Preparation
from bot.requests.prepare import Prepared, prepare
from bot.running.cli import main
from bot.running.config import ConfigError, parse
from bot.running.vendors import ACCOUNTS, check
from integrations import http
from integrations.alibaba import declared as alibaba
from integrations.alibaba.client import Alibaba
from integrations.alibaba.config import Account
from integrations.tencent import declared as tencent
from integrations.ucloud import declared as ucloud
from tests.made_files import png

ALIBABA = {kind: alibaba.declared(kind) for kind in Kind}
TENCENT = {Kind.SIGNATURE: tencent.signature_fields("domestic"), Kind.TEMPLATE: tencent.template_fields()}
UCLOUD = {Kind.SIGNATURE: ucloud.signature_fields(), Kind.TEMPLATE: ucloud.TEMPLATE_FIELDS}
PNG = png()
COMPANY = (("source", "company"), ("qualification", "8563"))


# --- Which counts where ----------------------------------------------------------------------------------------------


def holds(configured: Mapping[str, str], kind: Kind) -> Defaults:
    return of_kind(configured, kind, ALIBABA[kind])


def test_a_plain_key_counts_for_every_kind_that_has_the_field() -> None:
    configured = {"remark": "官网", "source": "企业", "sign": "速达科技"}
    assert holds(configured, Kind.SIGNATURE).values == {"remark": "官网", "source": "company"}
    assert holds(configured, Kind.TEMPLATE).values == {"remark": "官网", "sign": "速达科技"}
    assert holds(configured, Kind.QUALIFICATION).values == {"remark": "官网"}


def test_what_is_private_has_no_default() -> None:
    assert holds({"handler_phone": "13812345678", "handler_front": "a.png"}, Kind.QUALIFICATION) == Defaults({}, {})


def test_a_key_with_a_kind_wins() -> None:
    configured = {"remark": "官网", "template.remark": "登录"}
    assert holds(configured, Kind.SIGNATURE).values == {"remark": "官网"}
    assert holds(configured, Kind.TEMPLATE).values == {"remark": "登录"}


def test_a_plain_file_is_a_signatures() -> None:
    configured = {"paper": "licence.png", "letter": "letter.png"}
    assert holds(configured, Kind.SIGNATURE).files == configured
    assert holds(configured, Kind.TEMPLATE).files == {}
    assert holds({"paper": "licence.png", "template.paper": "consent.pdf"}, Kind.TEMPLATE).files == {
        "paper": "consent.pdf"
    }


def test_a_letter_may_be_an_id() -> None:
    assert holds({"letter": "5101"}, Kind.SIGNATURE) == Defaults({"letter": "5101"}, {})
    assert of_kind({"letter": "5101"}, Kind.SIGNATURE, TENCENT[Kind.SIGNATURE]).files == {"letter": "5101"}


@pytest.mark.parametrize(
    ("source", "document"), [("company", "licence"), ("app", "licence"), ("trademark", None), ("government", None)]
)
def test_a_document_is_a_default_only_of_what_it_proves(source: str, document: str | None) -> None:
    fields = TENCENT[Kind.SIGNATURE]
    defaults = of_kind({"document": "营业执照"}, Kind.SIGNATURE, fields).values
    typed = (("name", "速达"), ("source", source), ("international", "true"))  # an app names no mainland signature
    item = prepare("t", Kind.SIGNATURE, fields, typed=typed, files={}, defaults=defaults)
    assert item.values.get("document") == document
    assert ("document" in item.defaulted) == (document is not None)


# --- What the operator is told ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("configured", "what"),
    [
        ({"source": "企业", "purpose": "self", "signature.international": "no", "paper": "anything"}, {}),
        ({"template.remark": "登录", "remark": "注" * 128}, {}),
        ({"remark": "注" * 200, "template.remark": "登录"}, {}),
        ({"remark": "注" * 200}, {"remark": "should have 128 characters at most for a template; template.remark can"}),
        ({"template.remark": "注" * 200}, {"template.remark": "should have 128 characters at most"}),
        ({"colour": "blue"}, {"colour": "unknown key; known: international, letter, link, paper"}),
        ({"sourse": "company"}, {"sourse": "unknown key; did you mean source?"}),
        ({"template.source": "company"}, {"template.source": "unknown key; a template has no source at this vendor"}),
        ({"template.remarks": "x"}, {"template.remarks": "unknown key; did you mean template.remark?"}),
        ({"template.paper": "consent.pdf"}, {"template.paper": "unknown key; a template has no paper"}),
        ({"name": "速达"}, {"name": "unknown key"}),
        ({"content": "${code}"}, {"content": "unknown key"}),
        ({"sample.code": "1234"}, {"sample.code": "unknown key"}),
        ({"source": "website"}, {"source": "should be one of company, trademark, government"}),
        ({"international": "perhaps"}, {"international": "should be true or false"}),
        ({"link": "suda"}, {"link": "should be an address that begins with http:// or https://"}),
        ({"paper": " ", "source": ""}, {"paper": "is empty", "source": "is empty"}),
        ({"remark": "a\u202eb"}, {"remark": "bad characters"}),
    ],
)
def test_what_is_wrong_by_key(configured: dict[str, str], what: dict[str, str]) -> None:
    found = problems(configured, UCLOUD)
    assert found.keys() == what.keys()
    for key, says in what.items():
        assert found[key].startswith(says)


@pytest.mark.parametrize("declared", [ALIBABA, TENCENT, UCLOUD], ids=["alibaba", "tencent", "ucloud"])
def test_what_is_wrong_holds_nowhere(declared: Mapping[Kind, tuple[Field, ...]]) -> None:
    configured = {"source": "planet", "name": "速达", "content": "x", "qualification": "QF 1\u202e", "nothing": "x"}
    assert problems(configured, declared).keys() == configured.keys()
    for kind, fields in declared.items():
        assert of_kind(configured, kind, fields) == Defaults({}, {})


EXAMPLE = (Path(__file__).parents[3] / "config.example.toml").read_text(encoding="utf-8")
EVERYTHING = re.sub(r"^#(?=[a-z\[])", "", EXAMPLE, flags=re.MULTILINE)
ENVIRON = {name: f"value-of-{name}" for name in re.findall(r'"env:(\w+)"', EXAMPLE)}


@pytest.mark.parametrize("text", [EXAMPLE, EVERYTHING], ids=["as it stands", "everything on"])
async def test_the_example_has_defaults_that_fit(text: str, tmp_path: Path) -> None:
    await check(parse(text, accounts=ACCOUNTS, environ=ENVIRON, base=tmp_path))


ONE_OF_EACH = """
[[account]]
name = "aliyun"
vendor = "alibaba"
access_key_id = "id"
access_key_secret = "secret"
[account.defaults]
paper = "licence.png"
template.paper = "papers/consent.pdf"
"signature.remark" = "官网"
letter = "5101"
[[account]]
name = "tencent"
vendor = "tencent"
secret_id = "id"
secret_key = "secret"
sdk_app_id = "1400000000"
defaults = { source = "planet" }
[[account]]
name = "ucloud"
vendor = "ucloud"
public_key = "public"
private_key = "private"
project_id = "org-a"
[account.defaults]
template.sorce = "company"
"""
WRONG = (
    "account.tencent.defaults.source: should be one of company, trademark, government, app",
    "account.ucloud.defaults.template.sorce: unknown key; did you mean source?",
)


async def test_every_accounts_problems_at_once(tmp_path: Path) -> None:
    settings = parse(ONE_OF_EACH, accounts=ACCOUNTS, environ={}, base=tmp_path)
    with pytest.raises(ConfigError) as caught:
        await check(settings)
    assert caught.value.problems == WRONG


def test_keys_in_toml_and_paths_beside_the_file(tmp_path: Path) -> None:
    account = parse(ONE_OF_EACH, accounts=ACCOUNTS, environ={}, base=tmp_path).accounts[0]
    assert account.defaults == {
        "paper": str(tmp_path / "licence.png"),
        "template.paper": str(tmp_path / "papers/consent.pdf"),
        "signature.remark": "官网",
        "letter": "5101",
    }


def test_the_command_says_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(ONE_OF_EACH, encoding="utf-8")
    done = CliRunner().invoke(main, ["check", "--config", str(path)])
    assert done.exit_code == 2
    # Beside what else is wrong with that file, at once: papers that are not there, secrets that look like none.
    assert {f"  {line}" for line in WRONG} < set(done.stderr.splitlines())


# --- What goes along -------------------------------------------------------------------------------------------------


async def prepared(
    kind: Kind,
    defaults: Mapping[str, str],
    typed: tuple[tuple[str, str], ...],
    files: Mapping[str, tuple[Attachment, ...]] | None = None,
) -> Prepared:
    async def read(path: str, most: int) -> Attachment | Fault:
        assert most > 0
        return Attachment(path, PNG) if path.endswith(".png") else Fault.FILE_MISSING

    keys = {"access_key_id": "id", "access_key_secret": "secret", "endpoint": "http://127.0.0.1:9"}  # nobody is there
    account = Account.model_validate({"name": "aliyun", **keys})
    async with http.client() as client:
        forms = Preparation(
            {"aliyun": Alibaba(account, http=client, pace=0.001)},
            {"aliyun": defaults},
            read,
            SystemClock(),
            Check({}, {}),
            nothing_counted,
        )
        (item,) = await forms.read(kind, ("aliyun",), typed=(("name", "速达物流"), *typed), files=files)
    return item


async def nothing_counted(account: str, kind: Kind, name: str) -> Counts:
    del account, kind, name
    return Counts()


def names(item: Prepared) -> dict[str, list[str]]:
    return {key: [paper.name for paper in papers] for key, papers in item.papers.items()}


async def test_values_and_papers_of_a_signature() -> None:
    defaults = {"qualification": "8563", "source": "企业", "paper": "licence.png", "letter": "letter.png"}
    item = await prepared(Kind.SIGNATURE, defaults, ())
    assert item.complete
    assert item.defaulted == ("source", "qualification")
    assert (item.values["source"], item.values["qualification"]) == ("company", "8563")
    assert names(item) == {"paper": ["licence.png"]}  # no letter for own use
    item = await prepared(Kind.SIGNATURE, defaults, (("purpose", "other"),))
    assert names(item) == {"paper": ["licence.png"], "letter": ["letter.png"]}
    # Which a file needs, an id does not; whose it is would stand in the account, if it could be asked.
    assert [field.key for field in item.missing] == ["owner_code", "letter_term", "applicant"]


async def test_what_was_given_goes_before_a_default() -> None:
    mine = {"paper": (Attachment("mine.png", PNG),), "letter": (Attachment("sealed.png", PNG),)}
    item = await prepared(
        Kind.SIGNATURE, {"paper": "licence.png", "letter": "5101"}, (*COMPANY, ("purpose", "other")), mine
    )
    assert names(item) == {"paper": ["mine.png"], "letter": ["sealed.png"]}
    assert "letter" not in item.values


async def test_a_letters_id_is_a_value() -> None:
    item = await prepared(Kind.SIGNATURE, {"letter": "5101"}, (*COMPANY, ("purpose", "other")))
    assert item.complete
    assert (item.values["letter"], item.papers, item.defaulted) == ("5101", {}, ("letter",))
    item = await prepared(Kind.SIGNATURE, {"letter": "5101"}, COMPANY)
    assert "letter" not in item.values


@pytest.mark.parametrize(
    ("word", "defaults", "papers", "missing"),
    [
        ("promo", {"paper": "licence.png"}, {}, ["paper"]),
        ("promo", {"template.paper": "consent.png"}, {"paper": ["consent.png"]}, []),
        ("otp", {"template.paper": "consent.png"}, {}, []),
    ],
)
async def test_a_licence_is_no_consent(
    word: str, defaults: dict[str, str], papers: dict[str, list[str]], missing: list[str]
) -> None:
    item = await prepared(Kind.TEMPLATE, defaults, (("type", word), ("content", "新品上线"), ("sign", "速达科技")))
    assert names(item) == papers
    assert [field.key for field in item.missing] == missing


async def test_a_file_that_cannot_be_read_is_asked_for_or_told() -> None:
    item = await prepared(Kind.SIGNATURE, {"letter": "/secret/place/letter"}, (*COMPANY, ("purpose", "other")))
    assert [field.key for field in item.missing] == ["letter"]
    assert not item.problems
    item = await prepared(Kind.SIGNATURE, {"paper": "/secret/place/licence"}, COMPANY)
    assert [(problem.key, problem.fault, problem.value) for problem in item.problems] == [
        ("paper", Fault.FILE_MISSING, "licence")
    ]
