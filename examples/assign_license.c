/* The main job over SQLite: a tenant's users get licence packages. Makes licences.db in the present folder. */
#include <linecard.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(int32_t status, const char* what, linecard_error** error) {
  if (status == LINECARD_OK) return;
  fprintf(stderr, "%s: %s (%s) %s\n", what, linecard_error_reason(*error), linecard_error_path(*error),
          linecard_error_message(*error));
  exit(1);
}

static void run(linecard_actor* as, const char* operation, const char* json) {
  linecard_error* error = NULL;
  linecard_text* answer = NULL;
  must(linecard_call(as, operation, LINECARD_NUL_TERMINATED, json, LINECARD_NUL_TERMINATED, &answer, &error), operation,
       &error);
  linecard_text_free(answer);
}

static linecard_id package_named(linecard_actor* as, const char* name) {
  linecard_error* error = NULL;
  linecard_list* packages = NULL;
  linecard_id found = 0;
  size_t i;
  must(linecard_list_selectable_packages(as, &packages, &error), "packages", &error);
  for (i = 0; i < linecard_list_count(packages); ++i)
    if (strcmp(linecard_list_text(packages, i, "name", NULL), name) == 0)
      found = linecard_list_id(packages, i, "package_id");
  linecard_list_free(packages);
  return found;
}

static void offer(linecard_actor* as, linecard_id package_id, int seats) {
  linecard_error* error = NULL;
  char id[LINECARD_ID_CAPACITY], json[200];
  must(linecard_id_text(package_id, id, sizeof id, &error), "id", &error);
  snprintf(json, sizeof json, "{\"package_id\": \"%s\"}", id);
  run(as, "offer_package", json);
  snprintf(json, sizeof json, "{\"package_id\": \"%s\", \"purchased\": %d, \"overage\": \"block\"}", id, seats);
  run(as, "set_seat_pool", json);
}

static linecard_id adopt(linecard_actor* as, const char* first_name, const char* last_name, const char* email,
                         const char* extension, const char* external_ref) {
  linecard_new_user newcomer = LINECARD_NEW_USER_INIT;
  linecard_error* error = NULL;
  linecard_id user_id = 0;
  newcomer.first_name = first_name;
  newcomer.last_name = last_name;
  newcomer.email = email;
  newcomer.extension = extension;
  newcomer.external_ref = external_ref;
  must(linecard_adopt_user(as, &newcomer, &user_id, &error), email, &error);
  return user_id;
}

/* printf counts bytes, a table counts letters: those of UTF-8 that continue one are not counted. */
static void cell(const char* text, size_t width) {
  size_t letters = 0;
  const char* at;
  for (at = text; *at; ++at) letters += ((unsigned char)*at & 0xc0) != 0x80;
  fputs(text, stdout);
  for (; letters < width; ++letters) putchar(' ');
}

static void show(linecard_actor* as, const char* search) {
  linecard_error* error = NULL;
  linecard_list* users = NULL;
  size_t i;
  must(linecard_list_users(as, search, LINECARD_NUL_TERMINATED, 0, 0, &users, &error), "users", &error);
  if (search)
    printf("\nUsers matching \"%s\"\n", search);
  else
    puts("\nUsers");
  for (i = 0; i < linecard_list_count(users); ++i) {
    cell(linecard_list_text(users, i, "name", NULL), 16);
    cell(linecard_list_text(users, i, "initials", NULL), 4);
    cell(linecard_list_text(users, i, "email", NULL), 28);
    puts(linecard_list_text(users, i, "package", NULL));
  }
  linecard_list_free(users);
}

int main(void) {
  linecard_options options = LINECARD_OPTIONS_INIT;
  linecard_directory* directory = NULL;
  linecard_text *host_key = NULL, *receipt = NULL, *token = NULL;
  linecard_actor *platform = NULL, *container = NULL, *tenant = NULL;
  linecard_error* error = NULL;
  linecard_id operator_id, container_id, tenant_id, basic, mobile, ines, jan;
  char id[LINECARD_ID_CAPACITY], package[LINECARD_ID_CAPACITY], json[200];

  options.sqlite_path = "licences.db";
  must(linecard_create(&options, &host_key, &directory, &error), "create", &error);
  must(linecard_bootstrap_operator(directory, "ops@example.com", LINECARD_NUL_TERMINATED, &platform, &error),
       "operator", &error);
  operator_id = linecard_actor_identity(platform);
  must(linecard_create_container(platform, "pbx-1", LINECARD_NUL_TERMINATED, &container_id, &error), "container",
       &error);
  must(linecard_actor_open(directory, operator_id, container_id, &container, &error), "container", &error);
  must(linecard_create_tenant(container, "Acme", LINECARD_NUL_TERMINATED, &tenant_id, &error), "tenant", &error);
  must(linecard_actor_open(directory, operator_id, tenant_id, &tenant, &error), "tenant", &error);

  run(platform, "define_package",
      "{\"name\": \"Basic\", \"kind\": \"base\", \"price_minor\": \"900\", \"currency\": \"EUR\","
      " \"features\": [{\"feature\": \"voicemail\", \"setting\": \"yes\"}]}");
  run(platform, "define_package",
      "{\"name\": \"Mobile\", \"kind\": \"base\", \"price_minor\": \"1500\", \"currency\": \"EUR\","
      " \"features\": [{\"feature\": \"voicemail\", \"setting\": \"yes\"}, {\"feature\": \"softphone\", \"setting\": "
      "\"yes\"}]}");
  basic = package_named(tenant, "Basic");
  mobile = package_named(tenant, "Mobile");
  offer(tenant, basic, 10);
  offer(tenant, mobile, 5);

  ines = adopt(tenant, "In\xc3\xa8s", "Arnaud", "ines.arnaud@acme.example", "201", "crm-1");
  jan = adopt(tenant, "Jan", "Kowalski", "jan.kowalski@acme.example", "202", "crm-2");
  (void)adopt(tenant, "Lea", "Berger", "lea.berger@acme.example", "203", "crm-3");
  must(linecard_assign_package(tenant, ines, basic, NULL, &error), "assign", &error);
  must(linecard_assign_package(tenant, jan, basic, NULL, &error), "assign", &error);
  show(tenant, NULL);
  show(tenant, "ines");

  /* Look before changing: the preview changes nothing, and its token makes sure that confirm does just that. */
  must(linecard_id_text(jan, id, sizeof id, &error), "id", &error);
  must(linecard_id_text(mobile, package, sizeof package, &error), "id", &error);
  snprintf(json, sizeof json, "{\"user_id\": \"%s\", \"package_id\": \"%s\"}", id, package);
  must(linecard_preview(tenant, "change_package", LINECARD_NUL_TERMINATED, json, LINECARD_NUL_TERMINATED, NULL, &token,
                        &error),
       "preview", &error);
  must(linecard_confirm(tenant, "change_package", LINECARD_NUL_TERMINATED, json, LINECARD_NUL_TERMINATED,
                        linecard_text_data(token), linecard_text_length(token), &receipt, &error),
       "confirm", &error);
  printf("\nJan moves to Mobile. Receipt:\n%s\n\n", linecard_text_data(receipt));
  show(tenant, NULL);

  linecard_text_free(receipt);
  linecard_text_free(token);
  linecard_text_free(host_key); /* a host keeps it: linecard_open needs it */
  linecard_actor_free(tenant);
  linecard_actor_free(container);
  linecard_actor_free(platform);
  linecard_close(directory);
  return 0;
}
