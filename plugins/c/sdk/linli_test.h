/* Native tests of a plugin: include plugin.c and this, and define main.
 *
 *     cc -std=c11 -Wall -Isdk test.c sdk/linli*.c -lm -o test && ./test
 */
#ifndef LINLI_TEST_H
#define LINLI_TEST_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linli_parts.h"

static int linli_failures;

/* Says what does not hold, and where, and goes on. */
#define CHECK(holds)                                                                               \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);             \
            linli_failures++;                                                                      \
        }                                                                                          \
    } while (0)

#define CHECK_NEAR(found, expected) CHECK(fabs((found) - (expected)) < 1e-12)

/* What main returns. */
static inline int linli_tested(void)
{
    if (linli_failures == 0)
        puts("all tests passed");
    return linli_failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* A column of `rows` values; validity may be NULL, then no row is null. */
static inline linli_column linli_column_of(const char *name, linli_type type, const void *values, size_t rows,
                                           const uint8_t *validity)
{
    linli_list named = {name, strlen(name)}, present = {validity, rows}, held = {values, rows};
    return (linli_column){named, validity != NULL, present, (uint8_t)type, held, {NULL, 0}};
}

/* A column of texts; NULL is null. */
static inline linli_column linli_texts_of(const char *name, const char *const *texts, size_t rows)
{
    uint32_t *offsets = linli_alloc((rows + 1) * sizeof *offsets);
    uint8_t *validity = linli_alloc(rows);
    linli_builder bytes = {0};
    for (size_t row = 0; row < rows; row++) {
        validity[row] = texts[row] != NULL;
        linli_push(&bytes, texts[row] ? texts[row] : "");
        offsets[row + 1] = (uint32_t)bytes.length;
    }
    linli_list named = {name, strlen(name)}, present = {validity, rows};
    linli_list cuts = {offsets, rows + 1}, whole = {bytes.at, bytes.length};
    return (linli_column){named, 1, present, LINLI_TEXT, cuts, whole};
}

/* Configures as a host would, from the same JSON text. */
static inline linli_fault linli_configured(const char *text)
{
    const linli_settings *settings;
    linli_fault fault = linli_read_settings(text, strlen(text), &settings);
    return fault.kind == LINLI_FINE ? linli_configure(settings) : fault;
}

/* Scores one batch of columns; a fault ends the test. */
static inline linli_scores linli_scored(const linli_column *columns, size_t n_columns, uint32_t rows)
{
    linli_batch batch = {rows, {columns, n_columns}};
    linli_scores scores = {linli_alloc(rows * sizeof(double)), rows, NULL, 0};
    linli_fault fault = linli_score(&batch, &scores);
    if (fault.kind != LINLI_FINE)
        linli_stop(fault.text);
    return scores;
}

/* Evaluates one batch of columns of numbers; a fault ends the test. */
static inline linli_index *linli_evaluated(const linli_column *columns, size_t n_columns, uint32_t rows,
                                           const double *weights)
{
    linli_batch batch = {rows, {columns, n_columns}};
    linli_index *answers = linli_alloc(rows * sizeof *answers);
    for (uint32_t row = 0; row < rows; row++) {
        answers[row].contributions = linli_alloc(n_columns * sizeof(double));
        answers[row].n_contributions = n_columns;
    }
    linli_fault fault = linli_evaluate(&batch, weights, answers);
    if (fault.kind != LINLI_FINE)
        linli_stop(fault.text);
    return answers;
}

#endif
