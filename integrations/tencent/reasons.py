"""How Tencent Cloud words its reasons, where nobody else words them so (facts 5.3, 7; rules seen 3)."""

from bot.contracts.rules import Phrase

REASONS: tuple[Phrase, ...] = (
    Phrase(r"marketingtemplatewithoutunsubscribe", ("promo-without-optout",)),
    Phrase(r"missingsignature(?:list|toapplyforthetemplate)|signaturenotexist", ("qualification-missing",)),
    Phrase(r"contentlengthlimit|signnamelengthtoolong", ("text-too-long", "signature-length")),
    Phrase(r"templateparameterformaterror", ("wrong-placeholder", "variables-only")),
    Phrase(r"verificationcodetemplateparameterformaterror", ("otp-value-form",)),
    Phrase(r"containsensitiveword", ("banned-topic",)),
    Phrase(r"templateparameterlengthlimit", ("variable-value-too-long",)),
    Phrase(r"prohibitssubmissionoffinancialinformation|financial", ("finance",)),
)
"""Phrases and codes of this vendor alone."""
