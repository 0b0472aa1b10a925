/* The functions that the host calls, by the names that the canonical ABI gives them.
 *
 * They are defined where LINLI_SCORER or LINLI_EVALUATOR stands, so that a component has those of
 * its own world only. What they do is in linli_component.c.
 */
#ifndef LINLI_COMPONENT_H
#define LINLI_COMPONENT_H

#ifdef __wasm__

const void *linli_call_describe(const char *kind);
const void *linli_call_configure(const char *settings, size_t length);
const void *linli_call_score(uint32_t rows, const linli_column *columns, size_t n_columns);
const void *linli_call_evaluate(uint32_t rows, const linli_column *columns, size_t n_columns,
                                const double *weights, size_t n_weights);

#define LINLI_EXPORT(name) __attribute__((export_name(name)))

/* After each call the host hands the answer back; nothing is ever freed. */
#define LINLI_BOTH(interface, kind, answer)                                                        \
    LINLI_EXPORT(interface "#describe") const void *linli_exported_describe(void)                  \
    {                                                                                              \
        return linli_call_describe(kind);                                                          \
    }                                                                                              \
    LINLI_EXPORT(interface "#configure")                                                           \
    const void *linli_exported_configure(const char *settings, size_t length)                      \
    {                                                                                              \
        return linli_call_configure(settings, length);                                             \
    }                                                                                              \
    LINLI_EXPORT("cabi_post_" interface "#describe") void linli_after_describe(const void *it)     \
    {                                                                                              \
        (void)it;                                                                                  \
    }                                                                                              \
    LINLI_EXPORT("cabi_post_" interface "#configure") void linli_after_configure(const void *it)   \
    {                                                                                              \
        (void)it;                                                                                  \
    }                                                                                              \
    LINLI_EXPORT("cabi_post_" interface answer) void linli_after_answer(const void *it)            \
    {                                                                                              \
        (void)it;                                                                                  \
    }

#define LINLI_SCORER                                                                               \
    LINLI_BOTH("linli:plugin/scorer@0.1.0", "scorer", "#score")                                    \
    LINLI_EXPORT("linli:plugin/scorer@0.1.0#score")                                                \
    const void *linli_exported_score(uint32_t rows, const linli_column *columns, size_t n)         \
    {                                                                                              \
        return linli_call_score(rows, columns, n);                                                 \
    }                                                                                              \
    linli_fault linli_evaluate(const linli_batch *batch, const double *weights, linli_index *it)   \
    {                                                                                              \
        (void)batch, (void)weights, (void)it;                                                      \
        linli_stop("a scorer evaluates nothing");                                                  \
    }

#define LINLI_EVALUATOR                                                                            \
    LINLI_BOTH("linli:plugin/evaluator@0.1.0", "evaluator", "#evaluate")                           \
    LINLI_EXPORT("linli:plugin/evaluator@0.1.0#evaluate")                                          \
    const void *linli_exported_evaluate(uint32_t rows, const linli_column *columns, size_t n,      \
                                        const double *weights, size_t n_weights)                   \
    {                                                                                              \
        return linli_call_evaluate(rows, columns, n, weights, n_weights);                          \
    }                                                                                              \
    linli_fault linli_score(const linli_batch *batch, linli_scores *scores)                        \
    {                                                                                              \
        (void)batch, (void)scores;                                                                 \
        linli_stop("an evaluator scores nothing");                                                 \
    }

#else

/* Natively nobody calls them. */
#define LINLI_SCORER extern const linli_manifest linli_plugin;
#define LINLI_EVALUATOR extern const linli_manifest linli_plugin;

#endif
#endif
