#include "array_store.h"

#include <stdio.h>

static const linecard_store* open_store(void* self, int32_t how) {
  (void)how;
  return array_store(self) ? self : NULL;
}

static int32_t print(void* self, int32_t verdict, const char* text) {
  (void)self;
  (void)verdict;
  fputs(text, stdout);
  return 1;
}

int main(void) {
  linecard_store_check check = LINECARD_STORE_CHECK_INIT;
  linecard_store store;
  check.self = &store;
  check.open = open_store;
  check.told = print;
  return linecard_check_store(&check, NULL) == LINECARD_OK ? 0 : 1;
}
