/* What the host calls: the canonical ABI of the worlds in linli.wit, by hand.
 *
 * A record lies in memory as C lays it out, a list is where and how many, a variant is a byte and
 * what follows: the structures of linli.h are what the host writes and reads. Nothing is copied.
 */
#include "linli_parts.h"

#ifdef __wasm__

_Static_assert(sizeof(linli_column) == 40 && offsetof(linli_column, validity) == 12 &&
                   offsetof(linli_column, type) == 20 && offsetof(linli_column, bytes) == 32,
               "column: name, option<list<u8>>, column-data");
_Static_assert(sizeof(linli_veto_entry) == 8 && offsetof(linli_veto_entry, code) == 4, "veto");
_Static_assert(sizeof(linli_index) == 24 && offsetof(linli_index, index) == 8 &&
                   offsetof(linli_index, contributions) == 16,
               "district-index: option<f64>, list<f64>");

/* What `fault` is in a result. */
typedef struct {
    uint8_t kind;
    linli_list text;
} fault;

/* result<_, fault>, result<scores, fault>, result<list<district-index>, fault>. */
typedef struct {
    uint8_t is_fault;
    union {
        fault fault;
        struct {
            linli_list values, vetoes;
        } scores;
        linli_list answers;
    } it;
} result;

_Static_assert(sizeof(result) == 20 && offsetof(result, it) == 4 && offsetof(fault, text) == 4, "result");

/* One call at a time, and its answer is read before the next. */
static result answer;
static bool is_configured;

static linli_list text_of(const char *text)
{
    return (linli_list){text, __builtin_strlen(text)};
}

/* Whether the answer is a fault. */
static bool has_failed(linli_fault it)
{
    answer.is_fault = it.kind != LINLI_FINE;
    if (answer.is_fault)
        answer.it.fault = (fault){(uint8_t)(it.kind - LINLI_MISSING_COLUMN), text_of(it.text)};
    return answer.is_fault;
}

static linli_fault configure(const char *text, size_t length)
{
    const linli_settings *settings;
    if (is_configured)
        return (linli_fault){LINLI_BAD_SETTINGS, "already configured"};
    is_configured = true;
    linli_fault it = linli_read_settings(text, length, &settings);
    return it.kind == LINLI_FINE ? linli_configure(settings) : it;
}

/* A plugin that was not configured runs with its defaults. */
static linli_fault ready(void)
{
    return is_configured ? linli_fine : configure("{}", 2);
}

const void *linli_call_describe(const char *kind)
{
    static linli_list described;
    described = text_of(linli_described(kind));
    return &described;
}

const void *linli_call_configure(const char *settings, size_t length)
{
    has_failed(configure(settings, length));
    return &answer;
}

const void *linli_call_score(uint32_t rows, const linli_column *columns, size_t n_columns)
{
    linli_batch batch = {rows, {columns, n_columns}};
    linli_scores scores = {linli_alloc(rows * sizeof(double)), rows, NULL, 0};
    if (!has_failed(ready()) && !has_failed(linli_score(&batch, &scores))) {
        answer.it.scores.values = (linli_list){scores.values, rows};
        answer.it.scores.vetoes = (linli_list){scores.vetoes, scores.n_vetoes};
    }
    return &answer;
}

const void *linli_call_evaluate(uint32_t rows, const linli_column *columns, size_t n_columns,
                                const double *weights, size_t n_weights)
{
    linli_batch batch = {rows, {columns, n_columns}};
    if (n_weights != n_columns)
        linli_stop("there are not as many weights as columns");
    linli_index *answers = linli_alloc(rows * sizeof *answers);
    double *contributions = linli_alloc(rows * n_columns * sizeof(double));
    for (uint32_t row = 0; row < rows; row++)
        answers[row] = (linli_index){0, 0, contributions + row * n_columns, n_columns};
    if (!has_failed(ready()) && !has_failed(linli_evaluate(&batch, weights, answers)))
        answer.it.answers = (linli_list){answers, rows};
    return &answer;
}

#endif
