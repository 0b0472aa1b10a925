/* Columns, scores, memory and texts; see linli.h. */
#include "linli_parts.h"

#ifdef __wasm__

/* Where the linker ends the memory it has filled. */
extern unsigned char __heap_base;

static uintptr_t used;

enum { PAGE_BYTES = 65536, ALIGNMENT = 16 };

/* Memory as the host gives it, from the bottom up. It comes as zeros and is handed out once. */
static void *raw(size_t bytes)
{
    if (used == 0)
        used = ((uintptr_t)&__heap_base + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
    uintptr_t start = used;
    size_t there = (size_t)__builtin_wasm_memory_size(0) * PAGE_BYTES - start;
    if (bytes > SIZE_MAX - start - PAGE_BYTES)
        linli_stop("no memory left");
    if (bytes > there) {
        size_t pages = (bytes - there + PAGE_BYTES - 1) / PAGE_BYTES;
        if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX)
            linli_stop("no memory left");
    }
    used = (start + bytes + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
    return (void *)start;
}

__attribute__((import_module("linli:plugin/diagnostics@0.1.0"), import_name("report"))) void
linli_host_report(uint32_t level, const char *message, size_t length);

void linli_report(uint8_t level, const char *message)
{
    linli_host_report(level, message, __builtin_strlen(message));
}

void linli_stop(const char *message)
{
    linli_report(LINLI_ERROR, message);
    __builtin_trap();
}

/* The host asks for room for what it sends. It never gives any back. */
__attribute__((export_name("cabi_realloc"))) void *linli_realloc(void *old, size_t old_bytes,
                                                                 size_t alignment, size_t bytes)
{
    (void)alignment;
    void *place = raw(bytes);
    if (old_bytes > 0)
        __builtin_memcpy(place, old, old_bytes < bytes ? old_bytes : bytes);
    return place;
}

#else

#include <stdio.h>
#include <stdlib.h>

static void *raw(size_t bytes)
{
    void *place = calloc(bytes ? bytes : 1, 1);
    if (!place)
        linli_stop("no memory left");
    return place;
}

void linli_report(uint8_t level, const char *message)
{
    fprintf(stderr, "%d: %s\n", level, message);
}

void linli_stop(const char *message)
{
    linli_report(LINLI_ERROR, message);
    abort();
}

#endif

void *linli_alloc(size_t bytes)
{
    return raw(bytes);
}

/* ---- Columns ---- */

bool linli_is(linli_text text, const char *word)
{
    return text.length == __builtin_strlen(word) && __builtin_memcmp(text.at, word, text.length) == 0;
}

static const char *counted(size_t number)
{
    linli_builder out = {0};
    linli_push_number(&out, (double)number);
    return out.at;
}

static linli_fault other(const char *text)
{
    return (linli_fault){LINLI_OTHER, text};
}

linli_fault linli_find(const linli_batch *batch, const char *name, linli_type type, linli_column *found)
{
    static const char *const types[] = {"f64s", "i64s", "bools", "texts"};
    const linli_column *columns = batch->columns.at;
    for (size_t i = 0; i < batch->columns.length; i++) {
        const linli_column *column = &columns[i];
        if (!linli_is((linli_text){column->name.at, column->name.length}, name))
            continue;
        if (column->type != type)
            return other(LINLI_JOINED("column `", name, "` does not hold ", types[type]));
        /* Texts have one offset more than rows. */
        size_t entries = column->values.length - (type == LINLI_TEXT && column->values.length > 0);
        if (entries == batch->rows && column->has_validity)
            entries = column->validity.length;
        if (entries != batch->rows)
            return other(LINLI_JOINED("column `", name, "` has ", counted(entries), " entries, expected ",
                                      counted(batch->rows)));
        *found = *column;
        return linli_fine;
    }
    return (linli_fault){LINLI_MISSING_COLUMN, name};
}

/* Whether there is a value in this row; a row that is not there stops the run. */
static bool is_present(const linli_column *column, uint32_t row)
{
    size_t entries = column->values.length - (column->type == LINLI_TEXT);
    if (row >= entries)
        linli_stop("a row was asked for that is not there");
    return !column->has_validity || ((const uint8_t *)column->validity.at)[row] != 0;
}

static void must_hold(const linli_column *column, linli_type type)
{
    if (column->type != type)
        linli_stop("a column was read as another type than it was found by");
}

bool linli_f64(const linli_column *column, uint32_t row, double *value)
{
    must_hold(column, LINLI_F64);
    if (!is_present(column, row))
        return false;
    *value = ((const double *)column->values.at)[row];
    return true;
}

bool linli_i64(const linli_column *column, uint32_t row, int64_t *value)
{
    must_hold(column, LINLI_I64);
    if (!is_present(column, row))
        return false;
    *value = ((const int64_t *)column->values.at)[row];
    return true;
}

bool linli_bool(const linli_column *column, uint32_t row, bool *value)
{
    must_hold(column, LINLI_BOOL);
    if (!is_present(column, row))
        return false;
    *value = ((const uint8_t *)column->values.at)[row] != 0;
    return true;
}

bool linli_str(const linli_column *column, uint32_t row, linli_text *value)
{
    must_hold(column, LINLI_TEXT);
    if (!is_present(column, row))
        return false;
    const uint32_t *offsets = column->values.at;
    size_t start = offsets[row], end = offsets[row + 1];
    if (start > end || end > column->bytes.length)
        return false;
    *value = (linli_text){(const char *)column->bytes.at + start, end - start};
    return true;
}

/* ---- Scores ---- */

void linli_veto(linli_scores *scores, uint32_t row, uint16_t code)
{
    if (row >= scores->rows)
        linli_stop("a row was vetoed that is not there");
    if (!scores->vetoes)
        scores->vetoes = linli_alloc(scores->rows * sizeof *scores->vetoes);
    size_t place = scores->n_vetoes;
    while (place > 0 && scores->vetoes[place - 1].row >= row)
        place--;
    if (place < scores->n_vetoes && scores->vetoes[place].row == row)
        return;
    for (size_t i = scores->n_vetoes; i > place; i--)
        scores->vetoes[i] = scores->vetoes[i - 1];
    scores->vetoes[place] = (linli_veto_entry){row, code};
    scores->n_vetoes++;
}
