/* A store in plain C: rows in sorted arrays, in memory. It keeps the whole contract of linecard_adapters.h and shows
 * what a host has to write to put linecard's rows where its own are. */
#ifndef ARRAY_STORE_H
#define ARRAY_STORE_H

#include <linecard_adapters.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fills *store; hand it to linecard_create, which closes it. 1, or 0 when there is no memory. */
int array_store(linecard_store* store);

#ifdef __cplusplus
}
#endif

#endif
