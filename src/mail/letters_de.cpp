// The letters in German. The greeting ends with a comma: what follows it goes on in lower case, as German has it.
#include "letters.hpp"

namespace linecard::mail {

namespace {

constexpr letter_words letters[]{
    {"welcome", "de", "Richten Sie Ihr Konto{{#tenant}} bei {{tenant}}{{/tenant}} ein",
     R"(Guten Tag{{#first_name}} {{first_name}}{{/first_name}}{{#last_name}} {{last_name}}{{/last_name}},

{{#tenant}}
{{tenant}} hat für Sie ein Konto im Telefonsystem angelegt.
{{/tenant}}
Ihr Konto richten Sie auf dieser Seite ein; dort wählen Sie auch ein Passwort:

{{link}}

{{#expires}}
Der Link lässt sich einmal verwenden, bis zum {{expires}}.

{{/expires}}
Falls Sie diese Nachricht nicht erwartet haben, können Sie sie ignorieren: Ohne Sie geschieht nichts.
)"},
    {"joined", "de", "Ihre Einladung{{#tenant}} von {{tenant}}{{/tenant}}",
     R"(Guten Tag{{#first_name}} {{first_name}}{{/first_name}}{{#last_name}} {{last_name}}{{/last_name}},

{{#tenant}}
{{tenant}} hat Sie zum Telefonsystem eingeladen.
{{/tenant}}
Sie haben bereits ein Konto; das Passwort bleibt, wie es ist. Um die Einladung anzunehmen, öffnen Sie diese Seite und melden Sie sich wie gewohnt an:

{{link}}

{{#expires}}
Der Link lässt sich einmal verwenden, bis zum {{expires}}.

{{/expires}}
Falls Sie diese Nachricht nicht erwartet haben, können Sie sie ignorieren.
)"},
    {"delegate_invitation", "de", "Einladung zur Verwaltung von {{tenant}}",
     R"(Guten Tag{{#first_name}} {{first_name}}{{/first_name}}{{#last_name}} {{last_name}}{{/last_name}},

{{tenant}} hat Sie eingeladen, bei der Verwaltung des Telefonsystems mitzuwirken.

Um die Einladung anzunehmen, öffnen Sie diese Seite:

{{link}}

{{#expires}}
Der Link lässt sich einmal verwenden, bis zum {{expires}}.

{{/expires}}
Falls Sie {{tenant}} nicht kennen, können Sie diese Nachricht ignorieren: Solange Sie nicht annehmen, erhalten Sie keinen Zugriff.
)"},
    {"password_reset", "de", "Setzen Sie Ihr Passwort zurück",
     R"(Guten Tag{{#first_name}} {{first_name}}{{/first_name}}{{#last_name}} {{last_name}}{{/last_name}},

für Ihr Konto wurde ein neues Passwort angefordert. Um es zu wählen, öffnen Sie diese Seite:

{{link}}

{{#expires}}
Der Link lässt sich einmal verwenden, bis zum {{expires}}.

{{/expires}}
Ihr bisheriges Passwort gilt, bis Sie ein neues gewählt haben. Wenn Sie es behalten möchten, können Sie diese Nachricht ignorieren.
)"},
    {"reinvitation", "de", "Richten Sie Ihr Konto neu ein",
     R"(Guten Tag{{#first_name}} {{first_name}}{{/first_name}}{{#last_name}} {{last_name}}{{/last_name}},

{{#tenant}}
{{tenant}} hat Ihnen eine neue Einladung geschickt.
{{/tenant}}
Ihr altes Passwort gilt nicht mehr. Um ein neues zu wählen, öffnen Sie diese Seite:

{{link}}

{{#expires}}
Der Link lässt sich einmal verwenden, bis zum {{expires}}.
{{/expires}}
)"},
    {"password_changed", "de", "Ihr Passwort wurde geändert",
     R"(Guten Tag{{#first_name}} {{first_name}}{{/first_name}}{{#last_name}} {{last_name}}{{/last_name}},

das Passwort Ihres Kontos wurde geändert, und alle Ihre Sitzungen wurden beendet.

Wenn Sie das waren, ist nichts weiter zu tun. Wenn nicht, wenden Sie sich bitte sofort an Ihre Administration.
)"},
    {"sign_in_code", "de", "Ihr Anmeldecode",
     R"(Guten Tag{{#first_name}} {{first_name}}{{/first_name}}{{#last_name}} {{last_name}}{{/last_name}},

Ihr Anmeldecode lautet:

{{code}}

{{#expires}}
Er lässt sich einmal verwenden, bis zum {{expires}}.
{{/expires}}
Geben Sie ihn nur auf der Anmeldeseite ein: Niemand wird Sie am Telefon oder per E-Mail danach fragen.

Wenn Sie sich gerade nicht anmelden, kennt jemand anderes Ihr Passwort: Ändern Sie es.
)"},
    {"address_confirmation", "de", "Bestätigen Sie Ihre E-Mail-Adresse",
     R"(Guten Tag{{#first_name}} {{first_name}}{{/first_name}}{{#last_name}} {{last_name}}{{/last_name}},

um zu bestätigen, dass diese E-Mail-Adresse Ihnen gehört, öffnen Sie diese Seite:

{{link}}

{{#expires}}
Der Link lässt sich einmal verwenden, bis zum {{expires}}.

{{/expires}}
Falls Sie das nicht angefordert haben, können Sie diese Nachricht ignorieren.
)"},
    {"backup_address_changed", "de", "Ihre Ersatzadresse wurde geändert",
     R"(Guten Tag{{#first_name}} {{first_name}}{{/first_name}}{{#last_name}} {{last_name}}{{/last_name}},

die Ersatzadresse Ihres Kontos wurde geändert oder entfernt. An sie kann ein Link für ein neues Passwort gehen, wenn Ihr eigenes Postfach verloren ist.

Wenn Sie das waren, ist nichts weiter zu tun. Wenn nicht, melden Sie sich an, entfernen Sie die Ersatzadresse und ändern Sie Ihr Passwort.
)"},
};

} // namespace

std::span<const letter_words> german_letters() { return letters; }

} // namespace linecard::mail
