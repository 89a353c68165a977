// The letters in French. A no-break space stands before a colon, as French typography has it.
#include "letters.hpp"

namespace linecard::mail {

namespace {

constexpr letter_words letters[]{
    {"welcome", "fr", "Activez votre compte{{#tenant}} chez {{tenant}}{{/tenant}}",
     "Bonjour{{#first_name}} {{first_name}}{{/first_name}},\n\n"
     "{{#tenant}}\n{{tenant}} vous a ouvert un compte dans son système téléphonique.\n{{/tenant}}\n"
     "Pour activer votre compte et choisir un mot de passe, ouvrez cette page\u00a0:\n\n"
     "{{link}}\n\n"
     "{{#expires}}\nCe lien n’est utilisable qu’une fois, jusqu’au {{expires}}.\n\n{{/expires}}\n"
     "Si vous n’attendiez pas ce message, vous pouvez l’ignorer\u00a0: rien ne se fera sans vous.\n"},
    {"joined", "fr", "Votre invitation{{#tenant}} chez {{tenant}}{{/tenant}}",
     "Bonjour{{#first_name}} {{first_name}}{{/first_name}},\n\n"
     "{{#tenant}}\n{{tenant}} vous invite à rejoindre son système téléphonique.\n{{/tenant}}\n"
     "Vous avez déjà un compte, dont le mot de passe ne change pas. Pour accepter, ouvrez cette page et connectez-vous "
     "comme d’habitude\u00a0:\n\n"
     "{{link}}\n\n"
     "{{#expires}}\nCe lien n’est utilisable qu’une fois, jusqu’au {{expires}}.\n\n{{/expires}}\n"
     "Si vous n’attendiez pas ce message, vous pouvez l’ignorer.\n"},
    {"delegate_invitation", "fr", "{{tenant}} vous invite à participer à sa gestion",
     "Bonjour{{#first_name}} {{first_name}}{{/first_name}},\n\n"
     "{{tenant}} vous invite à participer à la gestion de son système téléphonique.\n\n"
     "Pour accepter, ouvrez cette page\u00a0:\n\n"
     "{{link}}\n\n"
     "{{#expires}}\nCe lien n’est utilisable qu’une fois, jusqu’au {{expires}}.\n\n{{/expires}}\n"
     "Si vous ne connaissez pas {{tenant}}, vous pouvez ignorer ce message\u00a0: vous n’aurez aucun accès tant que "
     "vous n’aurez pas accepté.\n"},
    {"password_reset", "fr", "Réinitialisez votre mot de passe",
     "Bonjour{{#first_name}} {{first_name}}{{/first_name}},\n\n"
     "Un nouveau mot de passe a été demandé pour votre compte. Pour le choisir, ouvrez cette page\u00a0:\n\n"
     "{{link}}\n\n"
     "{{#expires}}\nCe lien n’est utilisable qu’une fois, jusqu’au {{expires}}.\n\n{{/expires}}\n"
     "Votre mot de passe actuel reste valable tant que vous n’en avez pas choisi un autre. Si vous voulez le garder, "
     "vous pouvez ignorer ce message.\n"},
    {"reinvitation", "fr", "Activez de nouveau votre compte",
     "Bonjour{{#first_name}} {{first_name}}{{/first_name}},\n\n"
     "{{#tenant}}\n{{tenant}} vous a envoyé une nouvelle invitation.\n{{/tenant}}\n"
     "Votre ancien mot de passe ne fonctionne plus. Pour en choisir un autre, ouvrez cette page\u00a0:\n\n"
     "{{link}}\n\n"
     "{{#expires}}\nCe lien n’est utilisable qu’une fois, jusqu’au {{expires}}.\n{{/expires}}\n"},
    {"password_changed", "fr", "Votre mot de passe a été modifié",
     "Bonjour{{#first_name}} {{first_name}}{{/first_name}},\n\n"
     "Le mot de passe de votre compte a été modifié, et toutes vos sessions ont été fermées.\n\n"
     "Si c’est vous, il n’y a rien à faire. Sinon, prévenez tout de suite la personne qui administre votre système.\n"},
    {"sign_in_code", "fr", "Votre code de connexion",
     "Bonjour{{#first_name}} {{first_name}}{{/first_name}},\n\n"
     "Votre code de connexion\u00a0:\n\n"
     "{{code}}\n\n"
     "{{#expires}}\nIl n’est utilisable qu’une fois, jusqu’au {{expires}}.\n{{/expires}}\n"
     "Saisissez-le uniquement sur la page de connexion\u00a0: personne ne vous le demandera par téléphone ni par "
     "e-mail.\n\n"
     "Si vous n’êtes pas en train de vous connecter, quelqu’un d’autre connaît votre mot de passe\u00a0: "
     "changez-le.\n"},
    {"address_confirmation", "fr", "Confirmez votre adresse e-mail",
     "Bonjour{{#first_name}} {{first_name}}{{/first_name}},\n\n"
     "Pour confirmer que cette adresse e-mail est la vôtre, ouvrez cette page\u00a0:\n\n"
     "{{link}}\n\n"
     "{{#expires}}\nCe lien n’est utilisable qu’une fois, jusqu’au {{expires}}.\n\n{{/expires}}\n"
     "Si vous n’avez rien demandé, vous pouvez ignorer ce message.\n"},
    {"backup_address_changed", "fr", "Votre adresse de secours a été modifiée",
     "Bonjour{{#first_name}} {{first_name}}{{/first_name}},\n\n"
     "L’adresse de secours de votre compte a été modifiée ou supprimée. C’est là qu’un lien pour choisir un nouveau "
     "mot "
     "de passe peut être envoyé quand votre propre boîte aux lettres est perdue.\n\n"
     "Si c’est vous, il n’y a rien à faire. Sinon, connectez-vous, supprimez l’adresse de secours et changez votre mot "
     "de passe.\n"},
};

} // namespace

std::span<const letter_words> french_letters() { return letters; }

} // namespace linecard::mail
