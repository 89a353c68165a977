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
The link can be used once, until {{expires}}.

{{/expires}}
If you were not expecting this message, you can ignore it: nothing will be set up without you.
)"},
    {"joined", "en", "Your invitation{{#tenant}} from {{tenant}}{{/tenant}}",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

{{#tenant}}
{{tenant}} has invited you to its phone system.
{{/tenant}}
You already have an account, and its password stays as it is. To accept, open this page and sign in as usual:

{{link}}

{{#expires}}
The link can be used once, until {{expires}}.

{{/expires}}
If you were not expecting this message, you can ignore it.
)"},
    {"delegate_invitation", "en", "You are invited to help manage {{tenant}}",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

{{tenant}} has invited you to help manage its phone system.

To accept, open this page:

{{link}}

{{#expires}}
The link can be used once, until {{expires}}.

{{/expires}}
If you do not know {{tenant}}, you can ignore this message: you get no access unless you accept.
)"},
    {"password_reset", "en", "Reset your password",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

A new password was requested for your account. To choose it, open this page:

{{link}}

{{#expires}}
The link can be used once, until {{expires}}.

{{/expires}}
Your current password works until you have chosen a new one. If you want to keep it, you can ignore this message.
)"},
    {"reinvitation", "en", "Set up your account again",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

{{#tenant}}
{{tenant}} has sent you a new invitation.
{{/tenant}}
Your old password no longer works. To choose a new one, open this page:

{{link}}

{{#expires}}
The link can be used once, until {{expires}}.
{{/expires}}
)"},
    {"password_changed", "en", "Your password was changed",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

The password of your account was changed, and you were signed out everywhere.

If it was you, there is nothing to do. If it was not, tell your administrator at once.
)"},
    {"sign_in_code", "en", "Your sign-in code",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

Your sign-in code is:

{{code}}

{{#expires}}
It can be used once, until {{expires}}.
{{/expires}}
Enter it on the sign-in page only: nobody will ask you for it by phone or e-mail.

If you are not signing in right now, somebody else knows your password: change it.
)"},
    {"address_confirmation", "en", "Confirm your e-mail address",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

To confirm that this e-mail address is yours, open this page:

{{link}}

{{#expires}}
The link can be used once, until {{expires}}.

{{/expires}}
If you did not ask for this, you can ignore this message.
)"},
    {"backup_address_changed", "en", "Your backup address was changed",
     R"(Hello{{#first_name}} {{first_name}}{{/first_name}},

The backup address of your account was changed or removed. It is where a link to choose a new password can be sent when you lose your own mailbox.

If this was you, there is nothing to do. If it was not, sign in, remove the backup address and change your password.
)"},
};

} // namespace

std::span<const letter_words> english_letters() { return letters; }

} // namespace linecard::mail
