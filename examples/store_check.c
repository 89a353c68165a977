/* Is it a store? Tries every promise of linecard_adapters.h on the store in C of support/array_store.c, and prints
 * which are kept. Put your own store in its place: make_store is all that knows it.
 *
 *   store_check_c           all promises
 *   store_check_c 'I24: '   those whose sentence contains this */
#include "support/array_store.h"

#include <stdio.h>
#include <string.h>

static const linecard_store* make_store(void* self, int32_t how) {
  linecard_store* store = self;
  (void)how; /* always LINECARD_STORE_FRESH: rows in memory outlive no store, so `offers` below is 0 */
  return array_store(store) ? store : NULL;
}

static int32_t print(void* self, int32_t verdict, const char* text) {
  (void)self;
  (void)verdict;
  fputs(text, stdout);
  fflush(stdout); /* what is tried next may crash */
  return 1;
}

int main(int count, char** arguments) {
  linecard_store_check check = LINECARD_STORE_CHECK_INIT;
  linecard_store store;
  linecard_error* error = NULL;
  int status;

  check.self = &store;
  check.open = make_store;
  check.told = print;
  check.offers = 0;
  if (count > 1 && !strchr(arguments[1], '/'))
    check.only = arguments[1]; /* the tests pass a folder, as to every example */
  status = linecard_check_store(&check, &error);
  printf("%s\n", status == LINECARD_OK ? "It is a store." : linecard_error_message(error));
  linecard_error_free(error);
  return status == LINECARD_OK ? 0 : 1;
}
