// The letters in English.
#include "letters.hpp"

namespace linecard::mail {

namespace {

constexpr letter_words letters[]{
    {"welcome", "en", "Set up your account{{#tenant}} at {{tenant}}{{/tenant}}",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

{{#tenant}}
You have been added to the phone system of {{tenant}}.
{{/tenant}}
To set up your account and choose a password, open this page:

{{link}}

{{#expires}}
The link works once, until {{expires}}.

{{/expires}}
If you were not expecting this letter, you can ignore it: nothing happens without you.
)"},
    {"joined", "en", "You have been added{{#tenant}} to {{tenant}}{{/tenant}}",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

{{#tenant}}
You have been added to the phone system of {{tenant}}.
{{/tenant}}
You already have an account, and its password has not changed. To accept, open this page and sign in with it:

{{link}}

{{#expires}}
The link works once, until {{expires}}.

{{/expires}}
If you were not expecting this letter, you can ignore it.
)"},
    {"delegate_invitation", "en", "You are invited to help manage {{tenant}}",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

{{tenant}} would like to let you into the administration of its phone system.

To accept, open this page:

{{link}}

{{#expires}}
The link works once, until {{expires}}.

{{/expires}}
If you do not know {{tenant}}, you can ignore this letter: you are given no access without accepting it.
)"},
    {"password_reset", "en", "Reset your password",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

Somebody, we hope you, asked for a new password for your account. To choose one, open this page:

{{link}}

{{#expires}}
The link works once, until {{expires}}.

{{/expires}}
Your present password works until you have chosen a new one. If you did not ask for this, you can ignore this letter.
)"},
    {"reinvitation", "en", "Set up your account again",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

{{#tenant}}
An administrator of {{tenant}} has invited you anew.
{{/tenant}}
Your old password no longer works. To choose a new one, open this page:

{{link}}

{{#expires}}
The link works once, until {{expires}}.
{{/expires}}
)"},
    {"password_changed", "en", "Your password was changed",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

The password of your account was changed, and everybody who was signed in with it was signed out.

If this was you, there is nothing to do. If it was not, ask your administrator for help at once.
)"},
    {"sign_in_code", "en", "Your sign-in code",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

Your sign-in code is:

{{code}}

{{#expires}}
It can be used once, until {{expires}}.
{{/expires}}
Nobody will ever ask you for it.

If you are not signing in at this moment, somebody knows your password: change it.
)"},
    {"address_confirmation", "en", "Confirm your e-mail address",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

To confirm that this e-mail address is yours, open this page:

{{link}}

{{#expires}}
The link works once, until {{expires}}.

{{/expires}}
If you did not ask for this, you can ignore this letter.
)"},
    {"backup_address_changed", "en", "Your backup address was changed",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

The backup address of your account was changed or removed. It is where a link to
choose a new password can be sent when your own mailbox is lost.

If this was you, there is nothing to do. If it was not, sign in, remove the backup address and change your password.
)"},
};

} // namespace

std::span<const letter_words> english_letters() { return letters; }

} // namespace linecard::mail
