#include <linecard.h>
#include <linecard_adapters.h>

#include <stdio.h>

int main(void) {
  linecard_options options = LINECARD_OPTIONS_INIT;
  linecard_directory* directory = NULL;
  linecard_actor* root = NULL;
  linecard_text* host_key = NULL;
  linecard_id container = 0;

  options.memory = 1;
  if (linecard_create(&options, &host_key, &directory, NULL) != LINECARD_OK) return 1;
  if (linecard_bootstrap_operator(directory, "operations@pbx.example", LINECARD_NUL_TERMINATED, &root, NULL) !=
      LINECARD_OK)
    return 2;
  if (linecard_create_container(root, "pbx-1", LINECARD_NUL_TERMINATED, &container, NULL) != LINECARD_OK) return 3;
  printf("%s: kind %u\n", linecard_version(), (unsigned)linecard_id_kind(container));
  linecard_actor_free(root);
  linecard_text_free(host_key);
  linecard_close(directory);
  return 0;
}
