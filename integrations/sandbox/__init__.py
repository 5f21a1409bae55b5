"""Loopback servers that speak the three vendors' protocols, for demo, rehearsal and tests.

They import nothing of the rest of the program: what verifies a signature here is not what made it. Every rule names the
section of the facts, or the vendor's page, it comes from ("facts" are the notes on each vendor's service).
"""

from integrations.sandbox.faults import Fault, Faults
from integrations.sandbox.server import Address, Sandbox
from integrations.sandbox.settings import Carrier, Credential, Kind, Pace, Seed, Vendor
from integrations.sandbox.world import Accepted, Call

__all__ = [
    "Accepted",
    "Address",
    "Call",
    "Carrier",
    "Credential",
    "Fault",
    "Faults",
    "Kind",
    "Pace",
    "Sandbox",
    "Seed",
    "Vendor",
]
