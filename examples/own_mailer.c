/* A host that hands linecard's letters to its own mail system, here a function that prints what it would send. One
 * address is refused: its letter is dead, listed, and retried once the host knows better. */
#include <linecard_adapters.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The host's mail system, and the one address that it does not take yet. */
typedef struct mail_system {
  const char* unknown;
  int sent;
} mail_system;

/* The library calls this from linecard_pump_mail, on our thread. A real one gives letter->source to sendmail(8), or the
 * fields to a provider's API with letter->message_id as the idempotency key. */
static int32_t send_letter(void* self, const linecard_letter* letter, linecard_failure* failure) {
  mail_system* system = self;
  if (strcmp(letter->address, system->unknown) == 0)
    return linecard_fail(failure, LINECARD_E_INVALID, "mailbox_unknown", NULL);
  printf("  attempt %d, to %s: %s\n", (int)letter->attempt, letter->address, letter->subject);
  ++system->sent;
  return LINECARD_DONE;
}

static void must(int32_t status, const char* what, linecard_error** error) {
  if (status == LINECARD_OK) return;
  fprintf(stderr, "%s: %s (%s) %s\n", what, linecard_error_reason(*error), linecard_error_path(*error),
          linecard_error_message(*error));
  linecard_error_free(*error);
  exit(1);
}

static void invite(linecard_actor* as, const char* first_name, const char* email, const char* language) {
  linecard_new_user newcomer = LINECARD_NEW_USER_INIT;
  linecard_error* error = NULL;
  linecard_id user_id = 0;
  newcomer.first_name = first_name;
  newcomer.last_name = "Moreau";
  newcomer.email = email;
  newcomer.language = language;
  newcomer.send_welcome = 1;
  must(linecard_add_user(as, &newcomer, &user_id, &error), "add_user", &error);
}

static void pump(linecard_directory* directory) {
  linecard_pumped done = LINECARD_PUMPED_INIT;
  linecard_error* error = NULL;
  do {
    must(linecard_pump_mail(directory, 50, &done, &error), "pump_mail", &error);
    printf("Pumped: %d delivered, %d to be tried again, %d dead\n", (int)done.delivered, (int)done.postponed,
           (int)done.dead);
  } while (done.more);
}

int main(void) {
  mail_system system = {"luc@moreau.example", 0};
  linecard_mailer mailer = LINECARD_MAILER_INIT;
  linecard_mail mail = LINECARD_MAIL_INIT;
  linecard_options options = LINECARD_OPTIONS_INIT;
  linecard_directory* directory = NULL;
  linecard_text *host_key = NULL, *answer = NULL;
  linecard_actor *platform = NULL, *container = NULL, *tenant = NULL;
  linecard_error* error = NULL;
  linecard_id container_id, tenant_id;
  const char *at, *dead;
  char retry[128];

  mailer.self = &system;
  mailer.send = send_letter;
  mail.mailer = &mailer;
  mail.link_base = "https://pbx.example/setup#";
  mail.sender = "phones@pbx.example";
  mail.sender_name = "Example PBX";
  mail.templates =
      "{\"templates\": [{\"letter\": \"welcome\", \"language\": \"en\","
      "  \"subject\": \"Your telephone at {{tenant}}\","
      "  \"text\": \"Hello {{first_name}},\\n\\nopen this page to begin:\\n\\n{{link}}\\n\", \"html\": \"\"}]}";
  options.memory = 1;
  options.mail = &mail;
  must(linecard_create(&options, &host_key, &directory, &error), "create", &error);
  must(linecard_bootstrap_operator(directory, "ops@example.com", LINECARD_NUL_TERMINATED, &platform, &error),
       "operator", &error);
  must(linecard_create_container(platform, "pbx-1", LINECARD_NUL_TERMINATED, &container_id, &error), "container",
       &error);
  must(linecard_actor_open(directory, linecard_actor_identity(platform), container_id, &container, &error), "container",
       &error);
  must(linecard_create_tenant(container, "Moreau & Fils", LINECARD_NUL_TERMINATED, &tenant_id, &error), "tenant",
       &error);
  must(linecard_actor_open(directory, linecard_actor_identity(platform), tenant_id, &tenant, &error), "tenant", &error);

  invite(tenant, "Ana", "ana@moreau.example", "en"); /* in the words above */
  invite(tenant, "Luc", "luc@moreau.example", "fr"); /* in the library's */
  pump(directory);

  must(linecard_call(tenant, "messages", LINECARD_NUL_TERMINATED, "{\"state\": \"dead\"}", LINECARD_NUL_TERMINATED,
                     &answer, &error),
       "messages", &error);
  dead = linecard_text_data(answer);
  printf("Dead letters: %s\n", dead);
  at = strstr(dead, "\"message_");
  at = at ? strstr(at + 1, "\"message_") : NULL; /* the id follows its name */
  if (!at || !strstr(dead, "mailbox_unknown")) return 1;
  snprintf(retry, sizeof retry, "{\"message_id\": %.*s}", (int)strcspn(at + 1, "\"") + 2, at);
  linecard_text_free(answer);

  system.unknown = "";
  must(linecard_call(tenant, "retry_message", LINECARD_NUL_TERMINATED, retry, LINECARD_NUL_TERMINATED, &answer, &error),
       "retry_message", &error);
  linecard_text_free(answer);
  pump(directory);
  if (system.sent != 2) return 1;

  linecard_text_free(host_key);
  linecard_actor_free(tenant);
  linecard_actor_free(container);
  linecard_actor_free(platform);
  linecard_close(directory);
  return 0;
}
