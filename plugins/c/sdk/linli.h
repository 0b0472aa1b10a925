/* What a plugin author needs: columns in, scores out, settings, and `describe`.
 *
 *              describe <-- linli_plugin (a constant that you define)
 *   settings --> linli_configure (settings already checked)
 *      batch --> linli_score --> scores, or a fault with a text
 *
 * A plugin defines linli_plugin, linli_configure and linli_score, and says LINLI_SCORER once; an
 * evaluator defines linli_evaluate and says LINLI_EVALUATOR instead. The same functions run
 * natively, without a component: see linli_test.h.
 *
 * What is deliberately absent: files, clock, network, randomness, and the C library. memcpy, memset,
 * memmove, memcmp, strlen and strcmp are there; mathematics are + - * / and __builtin_sqrt,
 * __builtin_floor and the like, which give the same bits on every machine.
 *
 * Nothing is ever freed: every block of rows meets a fresh instance.
 */
#ifndef LINLI_H
#define LINLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- What a plugin says of itself ---- */

/* A wording in both languages of the users. */
typedef struct {
    const char *zh, *en;
} linli_wording;

/* What the values of a column are; the numbers are those of the contract. */
typedef enum { LINLI_F64, LINLI_I64, LINLI_BOOL, LINLI_TEXT } linli_type;

/* One column by name, unit last. */
typedef struct {
    const char *name;
    linli_type type;
} linli_column_wanted;

typedef enum { LINLI_NUMBER, LINLI_SWITCH, LINLI_CHOICE } linli_setting_type;

/* One thing a district may adjust. */
typedef struct {
    const char *name;
    linli_wording meaning;
    linli_setting_type type;
    /* LINLI_NUMBER: the default and the limits, at most 9 decimals, below 1e9.
     * LINLI_SWITCH: the default, 0 or 1. */
    double standard, least, most;
    /* LINLI_CHOICE: the words allowed, the default first, NULL last. */
    const char *const *options;
} linli_setting;

/* A reason to veto; what the resident or the office reads. */
typedef struct {
    uint16_t code;
    linli_wording wording;
} linli_veto_code;

/* What `describe` answers with. Lists end with an entry of zeros: {0}. */
typedef struct {
    const char *name;    /* kebab case, unique in a pool; usually the name of the folder */
    const char *version; /* the plugin's own version, 1.2.0 */
    linli_wording title, summary;
    const linli_column_wanted *columns; /* NULL: whatever indicators there are (evaluators only) */
    const linli_setting *settings;      /* NULL: none */
    const linli_veto_code *vetoes;      /* NULL: none */
    const char *const *authors;         /* NULL last */
    const char *licence;                /* SPDX expression */
} linli_manifest;

/* ---- What crosses the border ---- */

/* Why a plugin could not answer. The text is shown to people; the whole run stops. */
typedef struct {
    enum { LINLI_FINE, LINLI_MISSING_COLUMN, LINLI_BAD_SETTINGS, LINLI_OTHER } kind;
    const char *text;
} linli_fault;

/* No fault. */
static const linli_fault linli_fine = {LINLI_FINE, NULL};

/* A list as it lies in memory: where, and how many entries. */
typedef struct {
    const void *at;
    size_t length;
} linli_list;

/* One column as it crossed the border; read it with the functions below. */
typedef struct {
    linli_list name;
    uint8_t has_validity;
    linli_list validity; /* one byte per row: 1 is present, 0 is null */
    uint8_t type;        /* linli_type */
    linli_list values;   /* double, int64_t or uint8_t per row; of texts: uint32_t offsets, rows + 1 */
    linli_list bytes;    /* of texts */
} linli_column;

/* Rows cut from a larger table; where the cuts are is the host's affair. */
typedef struct {
    uint32_t rows;
    linli_list columns; /* of linli_column */
} linli_batch;

/* A text of a column: not terminated by 0. */
typedef struct {
    const char *at;
    size_t length;
} linli_text;

/* Finds a column. Faults: LINLI_MISSING_COLUMN; LINLI_OTHER when it holds something else or has not
 * as many entries as the batch has rows. The column borrows from the batch. */
linli_fault linli_find(const linli_batch *batch, const char *name, linli_type type, linli_column *found);

/* The value of one row; false where the row is null, and *value stays as it is then.
 * A row that is not there stops the run. */
bool linli_f64(const linli_column *column, uint32_t row, double *value);
bool linli_i64(const linli_column *column, uint32_t row, int64_t *value);
bool linli_bool(const linli_column *column, uint32_t row, bool *value);
bool linli_str(const linli_column *column, uint32_t row, linli_text *value);

/* Whether a text is this word. */
bool linli_is(linli_text text, const char *word);

typedef struct {
    uint32_t row;
    uint16_t code;
} linli_veto_entry;

/* The answer to one batch: `values` has one entry per row, 0.0 (of no use) to 1.0 (could not be
 * better), and begins as zeros. */
typedef struct {
    double *values;
    size_t rows;
    linli_veto_entry *vetoes;
    size_t n_vetoes;
} linli_scores;

/* Vetoes a row; a second veto of the same row is dropped. Constant time when rows ascend. */
void linli_veto(linli_scores *scores, uint32_t row, uint16_t code);

/* The answer for one district: `contributions` has one entry per column and begins as zeros. */
typedef struct {
    uint8_t is_measured; /* 0 where nothing could be measured; then `index` is not looked at */
    double index;        /* higher is better */
    double *contributions;
    size_t n_contributions;
} linli_index;

/* ---- Settings, checked and filled with their defaults ---- */

typedef struct linli_settings linli_settings;

/* A number, or a switch as 0 or 1; a word of a choice. A name that is not declared stops the run. */
double linli_number(const linli_settings *settings, const char *name);
bool linli_switch(const linli_settings *settings, const char *name);
linli_text linli_choice(const linli_settings *settings, const char *name);

/* ---- What you define ---- */

extern const linli_manifest linli_plugin;

/* Takes the settings. Faults only for what a schema cannot say, e.g. two that contradict. */
linli_fault linli_configure(const linli_settings *settings);

/* Scores one batch. Equal rows must get equal scores. */
linli_fault linli_score(const linli_batch *batch, linli_scores *scores);

/* Evaluates districts: one row per district, one column of numbers and one weight per indicator,
 * 0.0 is worst and 1.0 is best, null not measurable; one answer per row. */
linli_fault linli_evaluate(const linli_batch *batch, const double *weights, linli_index *answers);

/* ---- Talking ---- */

enum { LINLI_ERROR, LINLI_WARNING, LINLI_INFORMATION, LINLI_DETAIL };

/* Leaves a note for who runs or writes the plugin; never changes an answer. Natively: on stderr. */
void linli_report(uint8_t level, const char *message);

/* Leaves an error and stops the run. */
_Noreturn void linli_stop(const char *message);

/* ---- Memory and texts ---- */

/* Zeros, aligned for any type; stops the run where there is no more. */
void *linli_alloc(size_t bytes);

#include "linli_component.h"

#endif
