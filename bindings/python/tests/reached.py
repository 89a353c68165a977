"""A house whose letters arrive, and what a person does with the token in one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import linecard
from house import House, furnish

CHOSEN, ANOTHER = "vier fuenf wort sechs", "sieben acht neun zehn"
INA = "ina@acme.example"


@dataclass
class Reached:
    """A house whose letters arrive."""

    options: dict[str, Any] = field(default_factory=dict)
    letters: list[linecard.Letter] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mail = linecard.Mail(
            mailer=self.letters.append, link_base="https://pbx.example/setup#", sender="phones@pbx.example"
        )
        where = {} if "path" in self.options else {"memory": True}
        directory, self.host_key = linecard.Directory.create(**where, **self.options, mail=self.mail)
        self.house: House = furnish(directory)
        self.visitor = self.house.directory.visitor()

    def newest(self) -> linecard.Letter:
        self.house.directory.pump_mail()
        return self.letters[-1]

    def token(self) -> str:
        return self.newest().link.partition("#")[2]

    def invite(self, email: str = INA) -> str:
        fields = {"first_name": "Ina", "last_name": "Invited", "email": email, "package_id": self.house.package["Plus"]}
        return self.house.acme.add_user(**fields, send_welcome=True).created_id("user")

    def joined(self, email: str = INA) -> str:
        user_id = self.invite(email)
        self.visitor.accept_invitation(token=self.token(), password=CHOSEN)
        return user_id

    def session(self, email: str = INA, password: str = CHOSEN) -> linecard.Actor:
        return self.house.directory.session(self.visitor.sign_in(email=email, password=password).token)

    def signs_in(self, email: str = INA, password: str = CHOSEN) -> bool:
        try:
            return bool(self.visitor.sign_in(email=email, password=password).token)
        except linecard.Denied as refused:
            assert refused.reason == "sign_in_failed"
            return False
