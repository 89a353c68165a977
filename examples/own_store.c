/* A host that keeps linecard's rows in a store of its own, written in C: support/array_store.c. The main job runs on
 * it: an operator, a container, a tenant, a package with one seat, two users, and who of them gets it. */
#include "support/array_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const char* what, linecard_error* error) {
  fprintf(stderr, "%s: %s (%s) %s\n", what, linecard_error_reason(error), linecard_error_path(error),
          linecard_error_message(error));
  linecard_error_free(error);
  exit(1);
}

static void must(int32_t status, const char* what, linecard_error** error) {
  if (status != LINECARD_OK) give_up(what, *error);
}

/* Runs an operation and throws its answer away. */
static void run(linecard_actor* as, const char* operation, const char* json) {
  linecard_error* error = NULL;
  linecard_text* answer = NULL;
  must(linecard_call(as, operation, LINECARD_NUL_TERMINATED, json, LINECARD_NUL_TERMINATED, &answer, &error), operation,
       &error);
  linecard_text_free(answer);
}

static linecard_id adopt(linecard_actor* as, const char* first_name, const char* email, const char* extension) {
  linecard_new_user newcomer = LINECARD_NEW_USER_INIT;
  linecard_error* error = NULL;
  linecard_id user_id = 0;
  newcomer.first_name = first_name;
  newcomer.last_name = "Moreau";
  newcomer.email = email;
  newcomer.extension = extension;
  must(linecard_adopt_user(as, &newcomer, &user_id, &error), "adopt", &error);
  return user_id;
}

int main(void) {
  linecard_options options = LINECARD_OPTIONS_INIT;
  linecard_store store;
  linecard_directory* directory = NULL;
  linecard_text *host_key = NULL, *answer = NULL;
  linecard_actor *platform = NULL, *container = NULL, *tenant = NULL;
  linecard_list* list = NULL;
  linecard_error* error = NULL;
  linecard_id operator_id, container_id, tenant_id, package_id, ana, ben;
  char package[LINECARD_ID_CAPACITY], json[256];
  int full;

  if (!array_store(&store)) return 1;
  options.store = &store;
  must(linecard_create(&options, &host_key, &directory, &error), "create", &error);
  puts("A directory over a store written in C.");

  must(linecard_bootstrap_operator(directory, "ops@example.com", LINECARD_NUL_TERMINATED, &platform, &error),
       "operator", &error);
  operator_id = linecard_actor_identity(platform);
  must(linecard_create_container(platform, "pbx-1", LINECARD_NUL_TERMINATED, &container_id, &error), "container",
       &error);
  run(platform, "define_package",
      "{\"name\": \"Office\", \"kind\": \"base\", \"price_minor\": \"900\", \"currency\": \"EUR\"}");
  must(linecard_actor_open(directory, operator_id, container_id, &container, &error), "container", &error);
  must(linecard_create_tenant(container, "Moreau & Fils", LINECARD_NUL_TERMINATED, &tenant_id, &error), "tenant",
       &error);
  must(linecard_actor_open(directory, operator_id, tenant_id, &tenant, &error), "tenant", &error);

  must(linecard_list_selectable_packages(tenant, &list, &error), "packages", &error);
  package_id = linecard_list_id(list, 0, "package_id");
  printf("Package %s: %s\n", linecard_list_text(list, 0, "name", NULL), linecard_list_text(list, 0, "message", NULL));
  linecard_list_free(list);

  must(linecard_id_text(package_id, package, sizeof package, &error), "id", &error);
  snprintf(json, sizeof json, "{\"package_id\": \"%s\"}", package);
  run(tenant, "offer_package", json);
  snprintf(json, sizeof json, "{\"package_id\": \"%s\", \"purchased\": 1, \"overage\": \"block\"}", package);
  run(tenant, "set_seat_pool", json);

  ana = adopt(tenant, "Ana", "ana@moreau.example", "201");
  ben = adopt(tenant, "Ben", "ben@moreau.example", "202");
  must(linecard_assign_package(tenant, ana, package_id, NULL, &error), "assign", &error);
  puts("Ana has the package.");
  full = linecard_assign_package(tenant, ben, package_id, NULL, &error);
  if (full != LINECARD_E_LIMIT) give_up("the second seat", error);
  printf("Ben has not: %s (%s)\n", linecard_error_message(error), linecard_error_reason(error));
  linecard_error_free(error);
  error = NULL;

  must(linecard_list_seat_pools(tenant, &list, &error), "pools", &error);
  printf("%s: %" PRId64 " purchased, %" PRId64 " used, %" PRId64 " free\n", linecard_list_text(list, 0, "name", NULL),
         linecard_list_integer(list, 0, "purchased"), linecard_list_integer(list, 0, "used"),
         linecard_list_integer(list, 0, "free"));
  if (linecard_list_integer(list, 0, "used") != 1) return 1;
  linecard_list_free(list);

  must(linecard_call(tenant, "verify_audit", LINECARD_NUL_TERMINATED, "{}", LINECARD_NUL_TERMINATED, &answer, &error),
       "verify_audit", &error);
  printf("Audit: %s\n", linecard_text_data(answer));
  if (!strstr(linecard_text_data(answer), "\"intact\":true")) return 1;

  linecard_text_free(answer);
  linecard_text_free(host_key);
  linecard_actor_free(tenant);
  linecard_actor_free(container);
  linecard_actor_free(platform);
  linecard_close(directory);
  return 0;
}
