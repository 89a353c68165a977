/* Rows are immutable blocks; a table is an array of pointers to them in key order. A change puts a new block in place
 * of an old one and notes both, so a rollback has only to put the old ones back.
 *
 * What it leaves out, and a real store would not: indexes (all but a look-up by the whole key reads the table from end
 * to end), readers beside a writer (one transaction at a time, the others wait), and a disk. */
#define _POSIX_C_SOURCE 200809L
#include "array_store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct row {
  int64_t version;
  linecard_value cells[]; /* and behind them the bytes that they point at */
} row;

typedef struct rows {
  const linecard_table* table;
  row** at; /* in key order */
  size_t count, capacity;
} rows;

typedef struct step {
  rows* where;
  row *removed, *added; /* either may be NULL */
} step;

typedef struct array {
  pthread_mutex_t one_transaction; /* held from begin to commit or rollback */
  rows* tables;                    /* by the table's number */
  size_t table_count;
  step* steps; /* of the open transaction */
  size_t step_count, step_capacity;
} array;

/* ---- values and order ---- */

static int compare_values(const linecard_value* a, const linecard_value* b) {
  size_t common;
  int bytes;
  if (a->type != b->type) return a->type < b->type ? -1 : 1;
  if (a->type == LINECARD_NULL) return 0;
  if (a->type == LINECARD_INTEGER) return a->number < b->number ? -1 : a->number > b->number;
  common = (size_t)(a->number < b->number ? a->number : b->number);
  bytes = common ? memcmp(a->data, b->data, common) : 0;
  if (bytes != 0) return bytes;
  return a->number < b->number ? -1 : a->number > b->number;
}

static int compare_columns(const row* r, const uint16_t* columns, const linecard_value* values, size_t count) {
  size_t i;
  for (i = 0; i < count; ++i) {
    const int order = compare_values(&r->cells[columns[i]], &values[i]);
    if (order != 0) return order;
  }
  return 0;
}

static int compare_rows(const row* a, const row* b, const uint16_t* columns, size_t count) {
  size_t i;
  for (i = 0; i < count; ++i) {
    const int order = compare_values(&a->cells[columns[i]], &b->cells[columns[i]]);
    if (order != 0) return order;
  }
  return 0;
}

static size_t bytes_of(const linecard_value* v) { return v->type >= LINECARD_BYTES_TEXT ? (size_t)v->number : 0; }

static row* make_row(int64_t version, const linecard_value* cells, size_t count) {
  size_t bytes = 0, i;
  char* end;
  row* made;
  for (i = 0; i < count; ++i) bytes += bytes_of(&cells[i]);
  made = malloc(sizeof(row) + count * sizeof(linecard_value) + bytes);
  if (!made) return NULL;
  made->version = version;
  end = (char*)(made->cells + count);
  for (i = 0; i < count; ++i) {
    made->cells[i] = cells[i];
    if (cells[i].type < LINECARD_BYTES_TEXT) continue;
    if (bytes_of(&cells[i])) memcpy(end, cells[i].data, bytes_of(&cells[i]));
    made->cells[i].data = end; /* never NULL, also when there are no bytes */
    end += bytes_of(&cells[i]);
  }
  return made;
}

/* ---- a table's rows ---- */

/* Where the row with this key is, or would be. */
static size_t place_of(const rows* in, const linecard_value* key) {
  size_t low = 0, high = in->count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (compare_columns(in->at[middle], in->table->key, key, in->table->key_count) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static row* find(const rows* in, const linecard_value* key, size_t* place) {
  *place = place_of(in, key);
  if (*place == in->count || compare_columns(in->at[*place], in->table->key, key, in->table->key_count) != 0)
    return NULL;
  return in->at[*place];
}

static size_t place_of_row(const rows* in, const row* r) {
  size_t low = 0, high = in->count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (compare_rows(in->at[middle], r, in->table->key, in->table->key_count) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void put(rows* in, row* r) {
  const size_t place = place_of_row(in, r);
  memmove(in->at + place + 1, in->at + place, (in->count - place) * sizeof(row*));
  in->at[place] = r;
  ++in->count;
}

static void take(rows* in, size_t place) {
  --in->count;
  memmove(in->at + place, in->at + place + 1, (in->count - place) * sizeof(row*));
}

/* Another row has the key of `r`, or its values in a unique index. A null is equal to nothing. */
static int collides(const rows* in, const row* r) {
  const linecard_table* t = in->table;
  const size_t place = place_of_row(in, r);
  size_t i, n, c;
  if (place < in->count && compare_rows(in->at[place], r, t->key, t->key_count) == 0) return 1;
  for (n = 0; n < t->index_count; ++n) {
    const linecard_index* index = t->indexes[n];
    int has_null = 0;
    if (!index->unique) continue;
    for (c = 0; c < index->column_count; ++c) has_null |= r->cells[index->columns[c]].type == LINECARD_NULL;
    for (i = 0; i < in->count && !has_null; ++i)
      if (compare_rows(in->at[i], r, index->columns, index->column_count) == 0) return 1;
  }
  return 0;
}

/* ---- the callbacks ---- */

static int32_t no_memory(linecard_failure* failure) {
  return linecard_fail(failure, LINECARD_E_NO_MEMORY, NULL, "out of memory");
}

static int32_t prepare(void* self, const linecard_table* const* tables, size_t count, linecard_failure* failure) {
  array* a = self;
  size_t i;
  for (i = 0; i < count; ++i) {
    const size_t number = tables[i]->number;
    if (number >= a->table_count) {
      rows* more = realloc(a->tables, (number + 1) * sizeof(rows));
      if (!more) return no_memory(failure);
      memset(more + a->table_count, 0, (number + 1 - a->table_count) * sizeof(rows));
      a->tables = more;
      a->table_count = number + 1;
    }
    a->tables[number].table = tables[i];
  }
  return LINECARD_DONE;
}

static int32_t begin(void* self, int32_t access, void** transaction, linecard_failure* failure) {
  array* a = self;
  (void)access;
  if (pthread_mutex_lock(&a->one_transaction) != 0)
    return linecard_fail(failure, LINECARD_E_STORE, "lock_failed", "the array store could not lock");
  *transaction = a; /* there is but one at a time */
  return LINECARD_DONE;
}

/* The columns that order an index: its own, then the key's. The caller provides room for 128. */
static size_t order_of(const linecard_table* t, uint32_t index, uint16_t* columns) {
  size_t count = 0, i;
  if (index > 0)
    for (i = 0; i < t->indexes[index - 1]->column_count; ++i) columns[count++] = t->indexes[index - 1]->columns[i];
  for (i = 0; i < t->key_count; ++i) columns[count++] = t->key[i];
  return count;
}

static int wanted(const row* r, const linecard_scan_request* q, const uint16_t* columns) {
  if (compare_columns(r, columns, q->prefix, q->prefix_count) != 0) return 0;
  if (q->from || q->below) {
    const linecard_value* v = &r->cells[columns[q->prefix_count]];
    if (v->type == LINECARD_NULL) return 0;
    if (q->from && (q->from->type == LINECARD_NULL || compare_values(v, q->from) < 0)) return 0;
    if (q->below && (q->below->type == LINECARD_NULL || compare_values(v, q->below) >= 0)) return 0;
  }
  if (q->after_count > 0) {
    const int beyond = compare_columns(r, columns, q->after, q->after_count);
    if (q->descending ? beyond >= 0 : beyond <= 0) return 0;
  }
  return 1;
}

static int32_t scan_one(const array* a, size_t request, const linecard_scan_request* q, linecard_sink* sink,
                        linecard_failure* failure) {
  const rows* in = &a->tables[q->table->number];
  const size_t columns_in_row = q->table->column_count;
  uint16_t columns[128];
  const size_t column_count = order_of(q->table, q->index, columns);
  size_t first = 0, last = in->count, found = 0, i;
  row** sorted;

  if (q->index == 0 && q->prefix_count == q->table->key_count) {
    if (!find(in, q->prefix, &first)) return LINECARD_DONE;
    last = first + 1;
  }
  if (first == last) return LINECARD_DONE;
  sorted = malloc((last - first) * sizeof(row*));
  if (!sorted) return no_memory(failure);
  for (i = first; i < last; ++i) {
    size_t low = 0, high = found;
    if (!wanted(in->at[i], q, columns)) continue;
    if (q->index == 0) low = found; /* they stand in this order already */
    while (low < high) {
      const size_t middle = low + (high - low) / 2;
      if (compare_rows(sorted[middle], in->at[i], columns, column_count) < 0)
        low = middle + 1;
      else
        high = middle;
    }
    memmove(sorted + low + 1, sorted + low, (found - low) * sizeof(row*));
    sorted[low] = in->at[i];
    ++found;
  }
  for (i = 0; i < found && (q->limit == 0 || i < q->limit); ++i) {
    const row* r = sorted[q->descending ? found - 1 - i : i];
    if (!linecard_sink_row(sink, request, r->version, r->cells, columns_in_row)) break;
  }
  free(sorted);
  return LINECARD_DONE;
}

static int32_t scan(void* self, void* transaction, const linecard_scan_request* const* requests, size_t count,
                    linecard_sink* sink, linecard_failure* failure) {
  size_t i;
  (void)transaction;
  for (i = 0; i < count; ++i) {
    const int32_t answer = scan_one(self, i, requests[i], sink, failure);
    if (answer != LINECARD_DONE) return answer;
  }
  return LINECARD_DONE;
}

/* Room for one more row and one more step, so that what follows cannot fail halfway. */
static int make_room(array* a, rows* in) {
  if (in->count == in->capacity) {
    const size_t more = in->capacity ? 2 * in->capacity : 16;
    row** at = realloc(in->at, more * sizeof(row*));
    if (!at) return 0;
    in->at = at;
    in->capacity = more;
  }
  if (a->step_count == a->step_capacity) {
    const size_t more = a->step_capacity ? 2 * a->step_capacity : 16;
    step* steps = realloc(a->steps, more * sizeof(step));
    if (!steps) return 0;
    a->steps = steps;
    a->step_capacity = more;
  }
  return 1;
}

static row* changed(const row* before, const linecard_change* c) {
  const size_t count = c->table->column_count;
  linecard_value* cells = malloc(count * sizeof(linecard_value));
  row* made = NULL;
  size_t i;
  if (!cells) return NULL;
  memcpy(cells, before->cells, count * sizeof(linecard_value));
  for (i = 0; i < c->column_count; ++i) cells[c->columns[i]] = c->values[i];
  made = make_row(before->version + 1, cells, count);
  free(cells);
  return made;
}

static int32_t change(array* a, const linecard_change* c, linecard_failure* failure) {
  rows* in = &a->tables[c->table->number];
  row *before = NULL, *after = NULL;
  size_t place = 0;
  step* noted;

  if (c->action != LINECARD_INSERT) {
    before = find(in, c->key, &place);
    if (!before || before->version != c->expected_version) return LINECARD_E_CONFLICT;
    if (c->action == LINECARD_REQUIRE) return LINECARD_DONE;
  }
  if (!make_room(a, in)) return no_memory(failure);
  if (c->action == LINECARD_INSERT) after = make_row(1, c->values, c->value_count);
  if (c->action == LINECARD_UPDATE) after = changed(before, c);
  if (c->action != LINECARD_ERASE && !after) return no_memory(failure);

  noted = &a->steps[a->step_count++];
  noted->where = in;
  noted->removed = before;
  noted->added = NULL;
  if (before) take(in, place);
  if (!after) return LINECARD_DONE;
  if (collides(in, after)) {
    free(after);
    return LINECARD_E_CONFLICT; /* rollback follows and puts `before` back */
  }
  put(in, after);
  noted->added = after;
  return LINECARD_DONE;
}

static int32_t apply(void* self, void* transaction, const linecard_change* const* changes, size_t count,
                     size_t* conflicting, linecard_failure* failure) {
  size_t i;
  (void)transaction;
  for (i = 0; i < count; ++i) {
    const int32_t answer = change(self, changes[i], failure);
    if (answer == LINECARD_DONE) continue;
    *conflicting = i;
    return answer;
  }
  return LINECARD_DONE;
}

static int32_t commit(void* self, void* transaction, uint64_t* commits, linecard_failure* failure) {
  array* a = self;
  size_t i;
  (void)transaction;
  (void)failure;
  for (i = 0; i < a->step_count; ++i) free(a->steps[i].removed);
  a->step_count = 0;
  pthread_mutex_unlock(&a->one_transaction);
  ++*commits;
  return LINECARD_DONE;
}

static void rollback(void* self, void* transaction) {
  array* a = self;
  (void)transaction;
  while (a->step_count > 0) {
    const step s = a->steps[--a->step_count];
    if (s.added) take(s.where, place_of_row(s.where, s.added));
    free(s.added);
    if (s.removed) put(s.where, s.removed); /* there is room: it stood there before */
  }
  pthread_mutex_unlock(&a->one_transaction);
}

static void close_store(void* self) {
  array* a = self;
  size_t t, i;
  for (t = 0; t < a->table_count; ++t) {
    for (i = 0; i < a->tables[t].count; ++i) free(a->tables[t].at[i]);
    free(a->tables[t].at);
  }
  free(a->tables);
  free(a->steps);
  pthread_mutex_destroy(&a->one_transaction);
  free(a);
}

int array_store(linecard_store* store) {
  const linecard_store empty = LINECARD_STORE_INIT;
  array* a = calloc(1, sizeof(array));
  if (!a) return 0;
  if (pthread_mutex_init(&a->one_transaction, NULL) != 0) {
    free(a);
    return 0;
  }
  *store = empty;
  store->self = a;
  store->close = close_store;
  store->prepare = prepare;
  store->begin = begin;
  store->scan = scan;
  store->apply = apply;
  store->commit = commit;
  store->rollback = rollback;
  store->caps = LINECARD_CAP_EXCLUDES_WRITERS;
  return 1;
}
