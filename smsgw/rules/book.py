"""
The rulebook: everything the gateway decides by, compiled once per change.

Made from the directory and the long lists; what it tells is a look-up, so that a
message costs microseconds however many rules there are.
"""

from collections.abc import Mapping

import attrs

from smsgw.directory import (
    Account,
    Directory,
    Frequency,
    SendWindow,
    Template,
)
from smsgw.errors import Refused
from smsgw.message import Message
from smsgw.numbering.plan import NumberPlan
from smsgw.rules.blocked import Blocked, scopes_of
from smsgw.rules.classify import lane_of
from smsgw.rules.conditions import Facts, upward
from smsgw.rules.content import ContentClassifier
from smsgw.rules.encyclopaedia import Encyclopaedia, Override
from smsgw.rules.pricing import PriceList
from smsgw.rules.retry import RetryTable
from smsgw.rules.routing import Router
from smsgw.rules.signatures import Signatures
from smsgw.rules.templates import (
    UNAPPROVED,
    CompiledTemplate,
    TemplateMatcher,
)
from smsgw.rules.templates import UNKNOWN as NO_TEMPLATE
from smsgw.rules.words import WordFilter

__all__ = ["Lists", "Rulebook", "Told"]

_URGENT = frozenset({"critical", "code"})


@attrs.frozen
class Told:
    """
    A category as it was told from a text: C{why}, and the words that decided, which
    are pieces of the text.
    """

    category: str
    why: str = ""
    words: str = ""


@attrs.frozen(eq=False)
class Lists:
    """
    What is too long for the directory, each at the newest change that is in it;
    C{stops} are batches that are C{paused} or C{canceled}.
    """

    blocked: Blocked = attrs.field(factory=Blocked)
    blocked_seq: int = 0
    numbers: NumberPlan = attrs.field(factory=NumberPlan)
    ported_seq: int = 0
    regions_version: int = 0
    words: WordFilter = attrs.field(factory=lambda: WordFilter.of(()))
    words_version: int = 0
    stops: Mapping[str, str] = attrs.field(factory=dict)
    stops_version: int = 0
    codes: tuple[Override, ...] = ()
    codes_version: int = 0


@attrs.frozen(eq=False)
class Rulebook:
    """
    One version of all rules; C{chains} are an account's departments, its own first.
    """

    directory: Directory
    lists: Lists
    chains: Mapping[str, tuple[str, ...]]
    router: Router
    prices: PriceList
    signatures: Signatures
    templates: Mapping[str, CompiledTemplate]
    matcher: TemplateMatcher
    retries: RetryTable
    codes: Encyclopaedia
    _windows: dict[tuple[str, str], tuple[SendWindow, ...]] = attrs.field(factory=dict)
    _limits: dict[tuple[str, str], tuple[float, tuple[Frequency, ...]]] = attrs.field(
        factory=dict
    )
    _scopes: dict[tuple[str, str], frozenset[str]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, directory: Directory, lists: Lists | None = None) -> "Rulebook":
        """
        Compile a directory and the lists.
        """
        chains = {
            account.id: upward(directory.departments, account.department)
            for account in directory.accounts.values()
        }
        prices = PriceList.of(directory.prices.values(), chains)
        templates = {
            name: CompiledTemplate.of(one) for name, one in directory.templates.items()
        }
        return cls(
            directory,
            lists or Lists(),
            chains,
            Router.of(directory),
            prices,
            Signatures.of(directory.signatures.values()),
            templates,
            TemplateMatcher.of(templates.values()),
            RetryTable.of(directory.retries),
            Encyclopaedia.of(directory.channels, lists.codes if lists else ()),
        )

    def chain_of(self, account: Account) -> tuple[str, ...]:
        """
        The account's department, the one above, and so on to its campus.
        """
        return self.chains.get(account.id, ())

    def template_for(self, name: str, account: Account) -> CompiledTemplate:
        """
        A template that the account may use; L{Refused} for any other.
        """
        found = self.templates.get(name)
        template = found.template if found is not None else None
        if found is None or template is None or not self._may_use(template, account):
            raise Refused(NO_TEMPLATE, name[:64], "template_id")
        if not (template.approved and template.active):
            raise Refused(UNAPPROVED, name[:64], "template_id")
        return found

    def _may_use(self, template: Template, account: Account) -> bool:
        ours = template.account in ("", account.id)
        chain = self.chain_of(account)
        return ours and (not template.department or template.department in chain)

    def category_of(self, text: str, account: Account) -> Told:
        """
        A category told from the text itself, and why: by the template it was written
        after, else by what it says; C{notice} where nothing tells.
        """
        found = self.matcher.match(text, account.id, self.chain_of(account))
        if found is not None and found[0].category:
            return Told(found[0].category, f"template {found[0].id}")
        judged = ContentClassifier.load().classify(text)
        if judged.category:
            words = "、".join(judged.words)
            return Told(judged.category, f"text: {judged.why}", words)
        return Told("notice", "text tells nothing")

    def cost_of(self, message: Message, channel: str) -> int:
        """
        What a message costs by a channel, 0 for an account that is not billed.
        """
        account = self.directory.accounts.get(message.account)
        if account is None or account.billing == "none":
            return 0
        carrier = self.lists.numbers.carrier_of(message.to)
        price = self.prices.price(account.id, channel, carrier, message.category)
        return price * message.segments

    def facts_of(self, message: Message, template: str, now: float) -> Facts:
        """
        What routing rules may ask of a message.
        """
        number, numbers = message.to, self.lists.numbers
        return Facts(
            message.account,
            message.category,
            numbers.carrier_of(number),
            numbers.region_of(number),
            numbers.kind_of(number),
            message.signature,
            template,
            message.text,
            now,
        )

    def blocked_for(self, number: str, account: str, category: str, now: float) -> str:
        """
        The scope in which a number gets no such message, '' for none.
        """
        blocked = self.lists.blocked
        if number not in blocked:
            return ""
        scopes = self._scopes.get((account, category))
        if scopes is None:
            scopes = scopes_of(account, self.chains.get(account, ()), category)
            self._scopes[account, category] = scopes
        return blocked.scope_of(number, scopes, category, now)

    def limits_for(
        self, account: str, category: str
    ) -> tuple[float, tuple[Frequency, ...]]:
        """
        The window for duplicates in seconds (0 for none), and the frequency rules.

        A rule that names no category is for all but critical values.
        """
        limits = self._limits.get((account, category))
        if limits is None:
            ours = self.directory.accounts.get(account)
            rules = tuple(
                rule
                for rule in self.directory.frequencies.values()
                if rule.active
                and rule.account in ("", account)
                and (rule.category or category != "critical")
                and rule.category in ("", category)
            )
            limits = (ours.duplicates if ours is not None else 0.0, rules)
            self._limits[account, category] = limits
        return limits

    def windows_for(self, account: str, category: str) -> tuple[SendWindow, ...]:
        """
        The hours that hold for an account's messages of a category, all together.
        """
        windows = self._windows.get((account, category))
        if windows is None:
            windows = tuple(
                one
                for one in self.directory.windows.values()
                if one.active
                and one.account in ("", account)
                and one.category in ("", category)
                and (one.category or lane_of(category) not in _URGENT)
            )
            self._windows[account, category] = windows
        return windows
