/* A PBX asks at call time: permissions by number, looked up once; one check, a whole queue of agents at once, and all
 * that somebody may do. Makes who_may.db in the present folder. */
#include <linecard.h>

#include <stdio.h>
#include <stdlib.h>

#define AGENTS 3

static linecard_error* error = NULL;

static void must(int32_t status, const char* what) {
  if (status == LINECARD_OK) return;
  fprintf(stderr, "%s: %s (%s) %s\n", what, linecard_error_reason(error), linecard_error_path(error),
          linecard_error_message(error));
  exit(1);
}

static void run(linecard_actor* as, const char* operation, const char* json) {
  linecard_text* receipt = NULL;
  must(linecard_call(as, operation, LINECARD_NUL_TERMINATED, json, LINECARD_NUL_TERMINATED, &receipt, &error),
       operation);
  linecard_text_free(receipt);
}

/* A user of the tenant with a role there. The identity is what the PBX keeps beside the registered telephone. */
static linecard_id agent(linecard_directory* directory, linecard_actor* tenant, const char* name, const char* email,
                         const char* role) {
  linecard_new_user newcomer = LINECARD_NEW_USER_INIT;
  linecard_actor* person = NULL;
  linecard_id user_id = 0, identity_id;
  newcomer.first_name = name;
  newcomer.last_name = "Agent";
  newcomer.email = email;
  newcomer.role = role;
  must(linecard_adopt_user(tenant, &newcomer, &user_id, &error), email);
  must(linecard_actor_open_email(directory, email, LINECARD_NUL_TERMINATED, 0, &person, &error), email);
  identity_id = linecard_actor_identity(person);
  linecard_actor_free(person);
  return identity_id;
}

static uint32_t number_of(linecard_directory* directory, const char* permission) {
  uint32_t number = 0;
  must(linecard_permission_id(directory, permission, LINECARD_NUL_TERMINATED, &number, &error), permission);
  return number;
}

static const char* yes_or_no(int32_t allowed) { return allowed == 1 ? "yes" : "no"; }

int main(void) {
  static const char* const names[AGENTS] = {"Ines", "Jan", "Lea"};
  static const char* const emails[AGENTS] = {"ines@acme.example", "jan@acme.example", "lea@acme.example"};
  static const char* const roles[AGENTS] = {"supervisor", "agent", "agent"};
  linecard_options options = LINECARD_OPTIONS_INIT;
  linecard_directory* directory = NULL;
  linecard_text* host_key = NULL;
  linecard_actor *platform = NULL, *container = NULL, *tenant = NULL;
  linecard_id container_id, tenant_id, agents[AGENTS], scopes[AGENTS];
  uint32_t listen, abroad, questions[AGENTS];
  uint8_t answers[AGENTS];
  uint64_t mask[LINECARD_PERMISSION_WORDS];
  size_t i;

  options.sqlite_path = "who_may.db";
  must(linecard_create(&options, &host_key, &directory, &error), "create");
  must(linecard_bootstrap_operator(directory, "ops@example.com", LINECARD_NUL_TERMINATED, &platform, &error),
       "operator");
  must(linecard_create_container(platform, "pbx-1", LINECARD_NUL_TERMINATED, &container_id, &error), "container");
  must(linecard_actor_open(directory, linecard_actor_identity(platform), container_id, &container, &error),
       "container");
  must(linecard_create_tenant(container, "Acme", LINECARD_NUL_TERMINATED, &tenant_id, &error), "tenant");
  must(linecard_actor_open(directory, linecard_actor_identity(platform), tenant_id, &tenant, &error), "tenant");

  /* What the PBX itself performs and linecard decides: permissions of its own, in roles of the tenant's own. */
  run(platform, "register_permission",
      "{\"permission\": \"call.listen\", \"description\": \"Listen in on a call of the queue\"}");
  run(tenant, "define_role",
      "{\"name\": \"supervisor\", \"permissions\": [\"call.listen\"], \"restricted\": [\"international.manage\"]}");
  run(tenant, "define_role", "{\"name\": \"agent\", \"permissions\": [\"license.view\"]}");
  for (i = 0; i < AGENTS; ++i) {
    agents[i] = agent(directory, tenant, names[i], emails[i], roles[i]);
    scopes[i] = tenant_id;
  }

  /* Once, when the PBX starts. A number is the same for ever. */
  listen = number_of(directory, "call.listen");
  abroad = number_of(directory, "international.manage");

  /* At call time: no lock, no allocation, no disk while nothing has changed; 1 means yes, everything else no. */
  printf("Ines may listen in: %s\n", yes_or_no(linecard_check_id(directory, agents[0], listen, tenant_id, NULL)));
  printf("Jan may listen in: %s\n", yes_or_no(linecard_check_id(directory, agents[1], listen, tenant_id, NULL)));

  /* The whole queue in one call. */
  for (i = 0; i < AGENTS; ++i) questions[i] = listen;
  must(linecard_check_many(directory, agents, questions, scopes, AGENTS, answers, &error), "check_many");
  for (i = 0; i < AGENTS; ++i) printf("%s: %s\n", names[i], yes_or_no(answers[i]));

  /* Everything that Ines may do, as bits by number. */
  must(linecard_effective(directory, agents[0], tenant_id, mask, &error), "effective");
  printf("Ines's mask has call.listen: %d, international.manage: %d\n", LINECARD_MASK_HAS(mask, listen),
         LINECARD_MASK_HAS(mask, abroad));

  /* Why not? Asked by name and with an error to fill, a check says what is missing. */
  if (linecard_check(directory, agents[0], "international.manage", LINECARD_NUL_TERMINATED, tenant_id, &error) != 1) {
    printf("\nInternational calls: %s\n", linecard_error_message(error));
    linecard_error_free(error);
    error = NULL;
  }
  run(tenant, "give_flag", "{\"email\": \"ines@acme.example\", \"flag\": \"manage_international\"}");
  printf("With the flag: %s\n", yes_or_no(linecard_check_id(directory, agents[0], abroad, tenant_id, NULL)));

  /* What is taken is gone with the very next check, in every process on the file. */
  run(tenant, "revoke_role", "{\"email\": \"ines@acme.example\", \"role\": \"supervisor\"}");
  printf("After the role was revoked: %s\n",
         yes_or_no(linecard_check_id(directory, agents[0], listen, tenant_id, NULL)));

  linecard_text_free(host_key); /* a host keeps it: linecard_open needs it */
  linecard_actor_free(tenant);
  linecard_actor_free(container);
  linecard_actor_free(platform);
  linecard_close(directory);
  return 0;
}
