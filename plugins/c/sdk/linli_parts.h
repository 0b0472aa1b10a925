/* What the parts of the SDK know of each other; not for plugins. */
#ifndef LINLI_PARTS_H
#define LINLI_PARTS_H

#include "linli.h"

/* A text that grows; at[length] is 0. */
typedef struct {
    char *at;
    size_t length, room;
} linli_builder;

void linli_push(linli_builder *out, const char *text);
void linli_push_byte(linli_builder *out, char byte);
/* Rounded to 9 decimals; what is 1e9 or more by its order only. */
void linli_push_number(linli_builder *out, double value);
/* As JSON, with its quotation marks. */
void linli_push_quoted(linli_builder *out, const char *text);
/* Parts up to NULL, joined. */
const char *linli_joined(const char *const *parts);

/* The JSON text of `describe`; `kind` is scorer or evaluator. */
const char *linli_described(const char *kind);

/* Reads a JSON object against the manifest. Faults: LINLI_BAD_SETTINGS, whose text says which. */
linli_fault linli_read_settings(const char *text, size_t length, const linli_settings **read);

/* Reads JSON; `fault` is the first thing that is wrong, and every function is false from then on. */
typedef struct {
    const char *text;
    size_t length, at;
    linli_fault fault;
} linli_reader;

bool linli_fail(linli_reader *in, const char *text);
/* Fails with what was expected, and where. */
bool linli_expected(linli_reader *in, const char *what);
/* The next byte; -1 at the end. */
int linli_peek(const linli_reader *in);
void linli_space(linli_reader *in);
/* Whether this byte, this word was next; then it is read. */
bool linli_eat(linli_reader *in, char byte);
bool linli_word(linli_reader *in, const char *it);
bool linli_read_text(linli_reader *in, const char **text);
bool linli_read_number(linli_reader *in, double *number);

#define LINLI_JOINED(...) linli_joined((const char *const[]){__VA_ARGS__, NULL})

#endif
