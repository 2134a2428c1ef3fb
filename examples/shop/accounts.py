"""The shop's memory: accounts, orders, log-ins. It forgets when it ends; yours has a database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from askfirst_client import Answer
from asking import Outcome

_WAITING_MAX = 10_000


@dataclass
class Account:
    """A customer. `is_proven`: a code, or a message of theirs, has shown that the number is theirs.

    `answer` is what became of the question at sign-up, `confirmation` askfirst's offer to confirm
    it, `sent` what became of the last message that the shop tried to send, `campaign` what became
    of twelve offers at once.
    """

    id: str
    name: str
    phone: str
    is_proven: bool = False
    answer: Outcome | None = None
    confirmation: Answer | None = None
    sent: Answer | None = None
    campaign: Answer | None = None


@dataclass
class Order:
    """What somebody ordered. They may order as a guest, so it has a number of its own.

    `answer` is what they said about messages, to the question that `question` names, `confirmation`
    askfirst's offer to confirm it.
    """

    id: str
    name: str
    phone: str
    lines: dict[str, int]
    cents: int
    question: str = ""
    answer: Outcome | None = None
    confirmation: Answer | None = None


@dataclass
class Accounts:
    """All accounts."""

    _by_id: dict[str, Account] = field(default_factory=dict)

    def find(self, account_id: str) -> Account | None:
        """Find an account by its id, which only its holder's session knows."""
        return self._by_id.get(account_id)

    def open(self, name: str, phone: str) -> Account:
        """Open an account. Anybody can type any number, so this never opens an existing one."""
        account = Account(secrets.token_urlsafe(12), name, phone)
        self._by_id[account.id] = account
        return account

    def of_holder(self, phone: str, current: Account | None) -> Account:
        """Give the account of somebody who has just proven their number."""
        for account in self._by_id.values():
            if account.is_proven and account.phone == phone:
                return account
        account = current if current and current.phone == phone else self.open("", phone)
        account.is_proven = True
        return account


@dataclass
class Orders:
    """All orders."""

    _by_id: dict[str, Order] = field(default_factory=dict)

    def find(self, order_id: str) -> Order | None:
        """Find an order by its reference."""
        return self._by_id.get(order_id)

    def newest(self, phone: str) -> Order | None:
        """Find what somebody ordered last."""
        return next((one for one in reversed(self._by_id.values()) if one.phone == phone), None)

    def place(self, name: str, phone: str, lines: dict[str, int], prices: dict[str, int]) -> Order:
        """Keep an order."""
        reference = f"CL-{len(self._by_id) + 1001}"
        cents = sum(prices[product] * count for product, count in lines.items())
        order = Order(reference, name, phone, lines, cents)
        self._by_id[reference] = order
        return order


@dataclass(frozen=True)
class Login:
    """A log-in that waits: `code` is what askfirst answered, `box` the question beside the code."""

    phone: str
    code: Answer
    box: dict[str, str]

    @property
    def is_inbound(self) -> bool:
        """Whether they send a message, so that there is no code to type."""
        return bool(self.code["channel"] == "whatsapp_inbound")


@dataclass
class Logins:
    """All log-ins that wait. A code counts only in the session that asked for it."""

    _by_id: dict[str, Login] = field(default_factory=dict)

    def find(self, code_id: str) -> Login | None:
        """Find one by the id of its code."""
        return self._by_id.get(code_id)

    def keep(self, login: Login) -> None:
        """Keep one; the oldest goes where there are too many."""
        self._by_id[login.code["id"]] = login
        if len(self._by_id) > _WAITING_MAX:
            del self._by_id[next(iter(self._by_id))]

    def end(self, code_id: str) -> None:
        """Forget one."""
        self._by_id.pop(code_id, None)
