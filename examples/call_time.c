/* What a PBX asks while a call waits: a call comes in for a direct number - who rings, and what else? A telephone dials
 * out from its extension - may it call abroad, which number does it show, and which in an emergency? Makes call_time.db
 * in the present folder. While the store is away all of this goes on with what was last known (line.stale_ms). */
#include <linecard_lines.h>

#include <stdio.h>
#include <stdlib.h>

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

/* The same with the text of an id in place of %s. */
static void run_with(linecard_actor* as, const char* operation, const char* json, linecard_id id) {
  char text[LINECARD_ID_CAPACITY], filled[256];
  must(linecard_id_text(id, text, sizeof text, &error), "id");
  snprintf(filled, sizeof filled, json, text);
  run(as, operation, filled);
}

static linecard_id id_of_package(linecard_actor* tenant) {
  linecard_list* packages = NULL;
  linecard_id id;
  must(linecard_list_selectable_packages(tenant, &packages, &error), "packages");
  id = linecard_list_id(packages, 0, "package_id");
  linecard_list_free(packages);
  return id;
}

/* A call comes in. What is not found, or cannot be known, is for the operator's desk. */
static void incoming(linecard_directory* directory, const char* number, uint32_t recording) {
  linecard_line line = LINECARD_LINE_INIT;
  printf("%s: ", number);
  if (linecard_line_by_did(directory, number, LINECARD_NUL_TERMINATED, &line, NULL) != LINECARD_OK ||
      (!line.found && line.stale_ms != 0))
    printf("who knows; the operator's desk rings\n");
  else if (!line.found)
    printf("no such number\n");
  else if (line.use == LINECARD_DID_MAIN)
    printf("the company's menu answers\n");
  else if (line.use == LINECARD_DID_OTHER)
    printf("goes to %s\n", line.label);
  else if (!line.rings || (line.extension_count == 0 && !line.screening))
    printf("nobody answers here\n"); /* suspended or unassigned; or there is nothing to ring yet */
  else
    printf("%s%s%s%s%s%s\n", line.extension_count != 0 ? "rings " : "", line.extension,
           line.extension_count != 0 && line.screening ? " and " : "", line.forwarding,
           line.screening ? ", who answers there presses a key first" : "",
           LINECARD_LINE_ENTITLED(line, recording) ? "; may be recorded" : "");
}

/* A telephone dials out: what it may is off unless the line says on. */
static void outgoing(linecard_directory* directory, linecard_id tenant_id, const char* extension) {
  linecard_line line = LINECARD_LINE_INIT;
  if (linecard_line_by_extension(directory, tenant_id, extension, LINECARD_NUL_TERMINATED, &line, NULL) != LINECARD_OK)
    line = (linecard_line)LINECARD_LINE_INIT;
  printf("%s dials: abroad %s, shows %s\n", extension, line.international ? "yes" : "no",
         line.caller_id[0] != '\0' ? line.caller_id : "the main number");
}

/* A telephone dials 911: that call goes out, whatever is known of the line. All there is to find out is what it shows,
 * so that whoever answers can call back; a number that emergency services know the address of, if there is one. */
static void emergency(linecard_directory* directory, linecard_id tenant_id, const char* extension) {
  linecard_line line = LINECARD_LINE_INIT;
  if (linecard_line_by_extension(directory, tenant_id, extension, LINECARD_NUL_TERMINATED, &line, NULL) != LINECARD_OK)
    line = (linecard_line)LINECARD_LINE_INIT;
  printf("%s dials 911: goes out, shows %s\n", extension,
         line.e911_caller_id[0] != '\0' ? line.e911_caller_id
         : line.caller_id[0] != '\0'    ? line.caller_id
                                        : "the main number");
}

int main(void) {
  linecard_options options = LINECARD_OPTIONS_INIT;
  linecard_new_user newcomer = LINECARD_NEW_USER_INIT;
  linecard_directory* directory = NULL;
  linecard_text* host_key = NULL;
  linecard_actor *platform = NULL, *container = NULL, *tenant = NULL;
  linecard_id container_id, tenant_id, package_id, ines, jan;
  uint32_t recording;
  const char* ringing[] = {"+4930123451", "+4930123450", "+4930999999"};
  linecard_line lines[3];
  size_t i;

  options.sqlite_path = "call_time.db";
  must(linecard_create(&options, &host_key, &directory, &error), "create");
  must(linecard_bootstrap_operator(directory, "ops@example.com", LINECARD_NUL_TERMINATED, &platform, &error),
       "operator");
  must(linecard_create_container(platform, "pbx-1", LINECARD_NUL_TERMINATED, &container_id, &error), "container");
  must(linecard_actor_open(directory, linecard_actor_identity(platform), container_id, &container, &error),
       "container");
  must(linecard_create_tenant(container, "Acme", LINECARD_NUL_TERMINATED, &tenant_id, &error), "tenant");
  must(linecard_actor_open(directory, linecard_actor_identity(platform), tenant_id, &tenant, &error), "tenant");

  /* Two people and three numbers, as an administration page would set them up. */
  run(platform, "define_package",
      "{\"name\": \"Plus\", \"kind\": \"base\", \"price_minor\": \"1999\", \"currency\": \"EUR\","
      " \"features\": [{\"feature\": \"call.recording\", \"setting\": \"yes\"}]}");
  package_id = id_of_package(tenant);
  run_with(tenant, "offer_package", "{\"package_id\": \"%s\"}", package_id);
  run_with(tenant, "set_seat_pool", "{\"package_id\": \"%s\", \"purchased\": 5}", package_id);
  newcomer.first_name = "Ines";
  newcomer.last_name = "Ferrer";
  newcomer.email = "ines@acme.example";
  newcomer.extension = "2001";
  newcomer.package_id = package_id;
  must(linecard_adopt_user(tenant, &newcomer, &ines, &error), "Ines");
  newcomer.first_name = "Jan";
  newcomer.email = "jan@acme.example";
  newcomer.extension = "2002";
  newcomer.package_id = 0;
  newcomer.forwarding_number = "+4915112345678";
  must(linecard_adopt_user(tenant, &newcomer, &jan, &error), "Jan");
  run(tenant, "add_dids", "{\"direct_numbers\": [\"+4930123450\", \"+4930123451\", \"+4930123452\", \"+4930123453\"]}");
  run(tenant, "use_did", "{\"direct_number\": \"+4930123450\", \"use\": \"main\"}");
  run(tenant, "use_did", "{\"direct_number\": \"+4930123453\", \"use\": \"other\", \"label\": \"the sales queue\"}");
  run_with(tenant, "attach_did", "{\"direct_number\": \"+4930123451\", \"user_id\": \"%s\"}", ines);
  run_with(tenant, "attach_did", "{\"direct_number\": \"+4930123452\", \"user_id\": \"%s\"}", jan);

  /* Once, when the PBX starts: the number of the feature, and a first question that makes the memory ready. */
  must(linecard_find_feature(directory, "call.recording", LINECARD_NUL_TERMINATED, &recording, &error), "feature");
  incoming(directory, "+4930123450", recording);
  incoming(directory, "+4930123451", recording);
  incoming(directory, "+4930123452", recording);
  incoming(directory, "+4930123453", recording);
  incoming(directory, "+4930123459", recording);

  /* Both switches are off until somebody who may do so switches them on. */
  outgoing(directory, tenant_id, "2001");
  emergency(directory, tenant_id, "2001");
  run(tenant, "set_international", "{\"extension\": \"2001\", \"switched\": \"on\"}");
  run(tenant, "set_e911", "{\"direct_number\": \"+4930123451\", \"switched\": \"on\"}");
  outgoing(directory, tenant_id, "2001");
  emergency(directory, tenant_id, "2001");

  /* Whoever is suspended is silent with the very next call, in every process on the file; but not in an emergency. */
  run_with(tenant, "suspend_user", "{\"user_id\": \"%s\"}", ines);
  incoming(directory, "+4930123451", recording);
  outgoing(directory, tenant_id, "2001");
  emergency(directory, tenant_id, "2001");

  /* Many at once: a hunt group, a wall board. */
  must(linecard_lines_by_did(directory, ringing, 3, lines, sizeof lines[0], &error), "lines");
  for (i = 0; i < 3; ++i) printf("%s: %s\n", ringing[i], lines[i].found ? "ours" : "not ours");

  linecard_text_free(host_key); /* a host keeps it: linecard_open needs it */
  linecard_actor_free(tenant);
  linecard_actor_free(container);
  linecard_actor_free(platform);
  linecard_close(directory);
  return 0;
}
