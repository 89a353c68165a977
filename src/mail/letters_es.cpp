// The letters in Spanish, to usted, and without a word that tells man from woman.
#include "letters.hpp"

namespace linecard::mail {

namespace {

constexpr letter_words letters[]{
    {"welcome", "es", "Active su cuenta{{#tenant}} en {{tenant}}{{/tenant}}",
     R"(Hola{{#first_name}}, {{first_name}}{{/first_name}}:

{{#tenant}}
{{tenant}} le ha abierto una cuenta en su sistema telefónico.
{{/tenant}}
Para activar su cuenta y elegir una contraseña, abra esta página:

{{link}}

{{#expires}}
Este enlace solo puede usarse una vez, hasta el {{expires}}.

{{/expires}}
Si no esperaba este mensaje, puede ignorarlo: no se hará nada sin usted.
)"},
    {"joined", "es", "Su invitación{{#tenant}} de {{tenant}}{{/tenant}}",
     R"(Hola{{#first_name}}, {{first_name}}{{/first_name}}:

{{#tenant}}
{{tenant}} le ha enviado una invitación a su sistema telefónico.
{{/tenant}}
Usted ya tiene una cuenta, y la contraseña no cambia. Para aceptar, abra esta página e inicie sesión como siempre:

{{link}}

{{#expires}}
Este enlace solo puede usarse una vez, hasta el {{expires}}.

{{/expires}}
Si no esperaba este mensaje, puede ignorarlo.
)"},
    {"delegate_invitation", "es", "Invitación para colaborar en la gestión de {{tenant}}",
     R"(Hola{{#first_name}}, {{first_name}}{{/first_name}}:

{{tenant}} le ha enviado una invitación para colaborar en la gestión de su sistema telefónico.

Para aceptar, abra esta página:

{{link}}

{{#expires}}
Este enlace solo puede usarse una vez, hasta el {{expires}}.

{{/expires}}
Si no conoce a {{tenant}}, puede ignorar este mensaje: no tendrá ningún acceso mientras no acepte.
)"},
    {"password_reset", "es", "Restablezca su contraseña",
     R"(Hola{{#first_name}}, {{first_name}}{{/first_name}}:

Se ha solicitado una nueva contraseña para su cuenta. Para elegirla, abra esta página:

{{link}}

{{#expires}}
Este enlace solo puede usarse una vez, hasta el {{expires}}.

{{/expires}}
Su contraseña actual sigue siendo válida hasta que elija otra. Si desea conservarla, puede ignorar este mensaje.
)"},
    {"reinvitation", "es", "Active de nuevo su cuenta",
     R"(Hola{{#first_name}}, {{first_name}}{{/first_name}}:

{{#tenant}}
{{tenant}} le ha enviado una nueva invitación.
{{/tenant}}
Su contraseña anterior ya no funciona. Para elegir una nueva, abra esta página:

{{link}}

{{#expires}}
Este enlace solo puede usarse una vez, hasta el {{expires}}.
{{/expires}}
)"},
    {"password_changed", "es", "Su contraseña ha cambiado",
     R"(Hola{{#first_name}}, {{first_name}}{{/first_name}}:

Se ha cambiado la contraseña de su cuenta y se han cerrado todas sus sesiones.

Si ha sido usted, no tiene que hacer nada. Si no, avise de inmediato a quien administra su sistema.
)"},
    {"sign_in_code", "es", "Su código de inicio de sesión",
     R"(Hola{{#first_name}}, {{first_name}}{{/first_name}}:

Su código de inicio de sesión es:

{{code}}

{{#expires}}
Solo puede usarse una vez, hasta el {{expires}}.
{{/expires}}
Introdúzcalo únicamente en la página de inicio de sesión: nadie se lo pedirá por teléfono ni por correo electrónico.

Si no está iniciando sesión en este momento, otra persona conoce su contraseña: cámbiela.
)"},
    {"address_confirmation", "es", "Confirme su dirección de correo electrónico",
     R"(Hola{{#first_name}}, {{first_name}}{{/first_name}}:

Para confirmar que esta dirección de correo electrónico es suya, abra esta página:

{{link}}

{{#expires}}
Este enlace solo puede usarse una vez, hasta el {{expires}}.

{{/expires}}
Si no ha solicitado nada, puede ignorar este mensaje.
)"},
    {"backup_address_changed", "es", "Su dirección de respaldo ha cambiado",
     R"(Hola{{#first_name}}, {{first_name}}{{/first_name}}:

Se ha cambiado o eliminado la dirección de respaldo de su cuenta. A ella puede enviarse un enlace para elegir una nueva contraseña si pierde su propio buzón.

Si ha sido usted, no tiene que hacer nada. Si no, inicie sesión, elimine la dirección de respaldo y cambie su contraseña.
)"},
};

} // namespace

std::span<const letter_words> spanish_letters() { return letters; }

} // namespace linecard::mail
