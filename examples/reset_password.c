/* A password forgotten: the person asks for a letter, opens its link and chooses another one. Until then the old one
 * works; from then on neither it nor any session of before does. The host's mailer here keeps what it is given, as the
 * person's mailbox would. */
#include <linecard_adapters.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char link_base[] = "https://pbx.example/setup#";

/* The newest letter. */
typedef struct mailbox {
  char letter[32];
  char token[128];
} mailbox;

static int32_t receive(void* self, const linecard_letter* letter, linecard_failure* failure) {
  mailbox* mine = self;
  (void)failure;
  printf("To %s: %s\n", letter->address, letter->subject);
  snprintf(mine->letter, sizeof mine->letter, "%s", letter->letter);
  snprintf(mine->token, sizeof mine->token, "%s", *letter->link ? letter->link + sizeof link_base - 1 : "");
  return LINECARD_DONE;
}

static void must(int32_t status, const char* what, linecard_error** error) {
  if (status == LINECARD_OK) return;
  fprintf(stderr, "%s: %s (%s) %s\n", what, linecard_error_reason(*error), linecard_error_path(*error),
          linecard_error_message(*error));
  linecard_error_free(*error);
  exit(1);
}

static void expect(int holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "expected: %s\n", what);
  exit(1);
}

/* Nothing in these values needs escaping; what a person typed goes through a JSON library first. */
static linecard_text* call(linecard_actor* as, const char* command, const char* first, const char* value,
                           const char* second, const char* other) {
  char json[512];
  linecard_text* answer = NULL;
  linecard_error* error = NULL;
  snprintf(json, sizeof json, "{\"%s\": \"%s\", \"%s\": \"%s\"}", first, value, second, other);
  must(linecard_call(as, command, LINECARD_NUL_TERMINATED, json, LINECARD_NUL_TERMINATED, &answer, &error), command,
       &error);
  return answer;
}

static int signs_in(linecard_actor* visitor, const char* password) {
  char json[256];
  linecard_text* answer = NULL;
  int32_t status;
  snprintf(json, sizeof json, "{\"email\": \"ana@moreau.example\", \"password\": \"%s\", \"source\": \"192.0.2.7\"}",
           password);
  status = linecard_call(visitor, "sign_in", LINECARD_NUL_TERMINATED, json, LINECARD_NUL_TERMINATED, &answer, NULL);
  linecard_text_free(answer);
  expect(status == LINECARD_OK || status == LINECARD_E_DENIED, "a sign-in is accepted or denied");
  return status == LINECARD_OK;
}

static void pump(linecard_directory* directory) {
  linecard_pumped done = LINECARD_PUMPED_INIT;
  linecard_error* error = NULL;
  must(linecard_pump_mail(directory, 50, &done, &error), "pump_mail", &error);
}

int main(void) {
  static const char* const forgotten = "quatre mots bien choisis";
  static const char* const chosen = "autres mots tout aussi bons";
  mailbox mine = {"", ""};
  linecard_mailer mailer = LINECARD_MAILER_INIT;
  linecard_mail mail = LINECARD_MAIL_INIT;
  linecard_options options = LINECARD_OPTIONS_INIT;
  linecard_new_user newcomer = LINECARD_NEW_USER_INIT;
  linecard_directory* directory = NULL;
  linecard_text* host_key = NULL;
  linecard_actor *platform = NULL, *container = NULL, *tenant = NULL, *visitor = NULL;
  linecard_error* error = NULL;
  linecard_id container_id, tenant_id, user_id;

  mailer.self = &mine;
  mailer.send = receive;
  mail.mailer = &mailer;
  mail.link_base = link_base;
  mail.sender = "phones@pbx.example";
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
  must(linecard_actor_open_visitor(directory, &visitor, &error), "visitor", &error); /* who has not signed in */

  newcomer.first_name = "Ana";
  newcomer.last_name = "Moreau";
  newcomer.email = "ana@moreau.example";
  newcomer.send_welcome = 1;
  must(linecard_add_user(tenant, &newcomer, &user_id, &error), "add_user", &error);
  pump(directory);
  linecard_text_free(call(visitor, "accept_invitation", "token", mine.token, "password", forgotten));
  expect(signs_in(visitor, forgotten), "the password chosen signs in");

  /* Whoever asks, and for whatever address, the answer is the same. */
  linecard_text_free(call(visitor, "request_password_reset", "email", "ana@moreau.example", "source", "192.0.2.7"));
  linecard_text_free(call(visitor, "request_password_reset", "email", "nobody@moreau.example", "source", "192.0.2.7"));
  pump(directory);
  expect(strcmp(mine.letter, "password_reset") == 0, "a letter to Ana alone");
  expect(signs_in(visitor, forgotten), "nothing has ended yet");

  linecard_text_free(call(visitor, "complete_password_reset", "token", mine.token, "password", chosen));
  expect(!signs_in(visitor, forgotten), "the old password is gone");
  expect(signs_in(visitor, chosen), "the new one signs in");
  pump(directory);
  expect(strcmp(mine.letter, "password_changed") == 0, "and Ana is told");

  linecard_text_free(host_key);
  linecard_actor_free(visitor);
  linecard_actor_free(tenant);
  linecard_actor_free(container);
  linecard_actor_free(platform);
  linecard_close(directory);
  return 0;
}
