"""A host that hands linecard's letters to its own mail system, here a list, and pumps on a thread of its own.

The mail system is away at first: the letter waits and is tried again. One address it does not know: that letter is dead,
listed, and retried once the host knows better. A clock that can be set stands in for the minutes in between.
"""

import threading
import time

import linecard

MINUTE = 60_000


class MailSystem:
    """What a host has already. `letters` is what it took, by message_id: a second delivery changes nothing."""

    def __init__(self) -> None:
        self.away = True
        self.known = {"ana@moreau.example"}
        self.letters: dict[str, linecard.Letter] = {}

    def take(self, letter: linecard.Letter) -> None:
        if self.away:
            raise linecard.MailLater("mail_system_away")
        if letter.address not in self.known:
            raise linecard.MailRejected("mailbox_unknown")
        self.letters[letter.message_id] = letter


def main() -> None:
    now = time.time_ns() // 1_000_000
    system = MailSystem()
    directory, _ = linecard.Directory.create(
        memory=True,
        clock=lambda: now,
        mail=linecard.Mail(
            mailer=system.take,
            link_base="https://pbx.example/setup#",
            sender="phones@pbx.example",
            sender_name="Example PBX",
        ),
    )

    def pump() -> None:
        """As a host's thread does every minute or so; any number of them, in any number of processes, share the work."""
        done = directory.pump_mail()
        print(f"Pumped: {done.delivered} delivered, {done.postponed} to be tried again, {done.dead} dead")

    def pump_on_a_thread() -> None:
        thread = threading.Thread(target=pump)
        thread.start()
        thread.join()

    with directory, directory.bootstrap_operator(email="ops@example.com") as operator:
        container_id = operator.create_container(name="pbx-1").created_id("container")
        with directory.actor(operator.identity_id, scope_id=container_id) as reseller:
            tenant_id = reseller.create_tenant(name="Moreau & Fils").created_id("tenant")
        with directory.actor(operator.identity_id, scope_id=tenant_id) as moreau:
            for first_name, language in (("Ana", "en"), ("Luc", "fr-CA")):
                email = f"{first_name}@moreau.example".lower()
                moreau.add_user(
                    first_name=first_name, last_name="Moreau", email=email, language=language, send_welcome=True
                )
            pump_on_a_thread()
            waiting = moreau.messages(state="queued")["messages"]
            print("Waiting:", [(row["email"], row["reason"], row["next_attempt_at"]) for row in waiting])

            system.away = False
            now += MINUTE
            pump_on_a_thread()
            (dead,) = moreau.messages()["messages"]
            print("Dead:", dead["email"], dead["reason"])

            system.known.add("luc@moreau.example")
            moreau.retry_message(message_id=dead["message_id"])
            pump_on_a_thread()

    for letter in system.letters.values():
        print(f"\n{letter.letter} to {letter.address}, in {letter.language}: {letter.subject}\n{letter.text}")
    assert [letter.language for letter in system.letters.values()] == ["en", "fr"]


main()
