"""What a sandbox is set up with: credentials, review times and the things that already exist in it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Vendor = Literal["alibaba", "tencent", "ucloud"]
Kind = Literal["signature", "template", "qualification"]
Carrier = Literal["mobile", "unicom", "telecom"]

VENDORS: tuple[Vendor, ...] = ("alibaba", "tencent", "ucloud")
CARRIERS: tuple[Carrier, ...] = ("mobile", "unicom", "telecom")


@dataclass(frozen=True, slots=True)
class Credential:
    """One key pair a vendor's server accepts.

    Attributes:
        key_id: AccessKeyId (Alibaba), SecretId (Tencent) or PublicKey (UCloud).
        secret: The part that signs and is never sent.
        token: Security token of a temporary credential; the server then demands it with every call.
    """

    key_id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long reviews and filings take, in world time. All numbers are a rehearsal's, not the vendors'.

    Real reviewers take about two hours at Alibaba (facts "Time and frequency") and Tencent (page 85832), up to a
    working day at UCloud (page 2107), within their office hours; real carriers take 7-10 working days. The sandbox
    reviews around the clock, so that a rehearsal never waits for the morning.

    Attributes:
        alibaba: Submission to decision at Alibaba.
        tencent: Submission to decision at Tencent.
        ucloud: Submission to decision at UCloud; the first tenth of it the item is "pending", then "under review".
        filing_mobile: Alibaba approval to China Mobile's registration.
        filing_unicom: Alibaba approval to China Unicom's registration.
        filing_telecom: Alibaba approval to China Telecom's registration.
        tencent_effective: Tencent "approved, not effective yet" (2) to "usable" (0), domestic only.
    """

    alibaba: timedelta = timedelta(minutes=50)
    tencent: timedelta = timedelta(minutes=70)
    ucloud: timedelta = timedelta(minutes=150)
    filing_mobile: timedelta = timedelta(minutes=90)
    filing_unicom: timedelta = timedelta(minutes=105)
    filing_telecom: timedelta = timedelta(minutes=120)
    tencent_effective: timedelta = timedelta(minutes=90)

    def review(self, vendor: Vendor) -> timedelta:
        """Return the time from submission to decision at a vendor."""
        match vendor:
            case "alibaba":
                return self.alibaba
            case "tencent":
                return self.tencent
            case "ucloud":
                return self.ucloud

    def filing(self, carrier: Carrier) -> timedelta:
        """Return the time from an Alibaba approval to a carrier's registration."""
        match carrier:
            case "mobile":
                return self.filing_mobile
            case "unicom":
                return self.filing_unicom
            case "telecom":
                return self.filing_telecom


@dataclass(frozen=True, slots=True)
class Seed:
    """What exists in every new sandbox. Replace single values with `Seed(company=...)`.

    Attributes:
        company: Owner of the approved qualification, own use.
        credit_code: Its unified social credit code.
        legal_person: Its legal person.
        owner: Another company, whose names may be used by letter of authorization.
        owner_credit_code: The other company's credit code.
        signature: An approved and effective signature of the company at every vendor.
        owner_names: The names listed in the other company's letter of authorization.
        trademark: A registered trademark of the company.
        app: An app of the company with an ICP record.
        qualification_id: The approved qualification, own use.
        rejected_qualification_id: A qualification that was refused.
        owner_qualification_id: The approved qualification for the other company's names (Alibaba, UCloud).
        letter_id: Alibaba: the letter of authorization of the other company.
        trademark_id: Alibaba: the trademark's id.
        app_icp_id: Alibaba: the ICP record's id.
        go_china_signature: Alibaba: a signature of Go China, which only the international site's console makes.
        go_china_template: Alibaba: the code of a template of Go China.
        go_china_text: Alibaba: its text.
        begun: whether the accounts have anything already. Of new ones Tencent's alone has its qualifications, which only its
            console makes; everything else is begun from here.
        alibaba_total: Alibaba: size of the notification and OTP package.
        alibaba_remaining: Alibaba: what is left of it when the sandbox starts.
        alibaba_drain: Alibaba: messages an hour of world time that leave the package.
        alibaba_expires_in: Alibaba: time until the package ends.
        alibaba_history: Alibaba: for how long messages were sent at that pace before the sandbox started.
        alibaba_balance: Alibaba: account money, CNY.
        tencent_app_id: Tencent: the only known SmsSdkAppId.
        tencent_region: Tencent: the region that holds what is seeded; each region has its own things.
        tencent_variables: Tencent: whether notification and marketing templates may have variables (per account).
        tencent_total: Tencent: size of the bought package.
        tencent_used: Tencent: what is used of it.
        tencent_gift: Tencent: size of the unused gift package.
        ucloud_project: UCloud: the only known project.
        ucloud_balance: UCloud: account money, CNY.
        daily_messages: Messages a day in the sending statistics of Tencent and UCloud.
    """

    company: str = "速达科技有限公司"
    credit_code: str = "91330106MA2SANDBX1"
    legal_person: str = "李明"
    owner: str = "启明书店有限公司"
    owner_credit_code: str = "91330106MA2SANDBX2"
    signature: str = "速达科技"
    owner_names: tuple[str, ...] = ("启明书店", "启明读书会")
    trademark: str = "速达优选"
    app: str = "速达到家"
    qualification_id: int = 8563
    rejected_qualification_id: int = 8570
    owner_qualification_id: int = 8577
    letter_id: int = 5101
    trademark_id: int = 6101
    app_icp_id: int = 7101
    go_china_signature: str = "速达国际"
    go_china_template: str = "SMS_10245001"
    go_china_text: str = "您的验证码是${code}，5分钟内有效。"
    begun: bool = True
    alibaba_total: int = 200_000
    alibaba_remaining: int = 24_000
    alibaba_drain: int = 2_000
    alibaba_expires_in: timedelta = timedelta(days=40)
    alibaba_history: timedelta = timedelta(0)
    alibaba_balance: str = "1,024.50"
    tencent_app_id: str = "1400000001"
    tencent_region: str = "ap-guangzhou"
    tencent_variables: bool = True
    tencent_total: int = 500_000
    tencent_used: int = 120_000
    tencent_gift: int = 1_000
    ucloud_project: str = "org-sandbox"
    ucloud_balance: str = "320.50"
    daily_messages: int = 2_400
