/* An evaluator, natively:
 *
 *     cc -std=c11 -Wall -Isdk sdk/test_evaluator.c sdk/linli*.c -lm -o test && ./test
 */
#include "linli.h"

/* The weighted mean of what was measured. */
const linli_manifest linli_plugin = {
    .name = "mean",
    .version = "0.1.0",
    .title = {"均值", "Mean"},
    .summary = {"已测指标的加权均值。", "The weighted mean of what was measured."},
    .authors = (const char *const[]){"linli", NULL},
    .licence = "Apache-2.0",
};

linli_fault linli_configure(const linli_settings *settings)
{
    (void)settings;
    return linli_fine;
}

linli_fault linli_evaluate(const linli_batch *batch, const double *weights, linli_index *answers)
{
    const linli_column *columns = batch->columns.at;
    for (uint32_t row = 0; row < batch->rows; row++) {
        double value, whole = 0;
        for (size_t i = 0; i < batch->columns.length; i++)
            whole += linli_f64(&columns[i], row, &value) ? weights[i] : 0;
        answers[row].is_measured = whole > 0;
        for (size_t i = 0; whole > 0 && i < batch->columns.length; i++) {
            if (linli_f64(&columns[i], row, &value))
                answers[row].contributions[i] = weights[i] * value / whole;
            answers[row].index += answers[row].contributions[i];
        }
    }
    return linli_fine;
}

LINLI_EVALUATOR

#include "linli_test.h"

static void null_is_not_measurable_and_never_zero(void)
{
    const double good[] = {1, 1, 0}, bad[] = {0, 0, 0}, weights[] = {1, 3};
    const uint8_t known[] = {1, 0, 0}, some[] = {1, 1, 0};
    linli_column columns[] = {
        linli_column_of("good", LINLI_F64, good, 3, some),
        linli_column_of("bad", LINLI_F64, bad, 3, known),
    };
    linli_index *answers = linli_evaluated(columns, 2, 3, weights);
    CHECK(answers[0].is_measured && answers[0].index == 0.25);
    CHECK(answers[1].is_measured && answers[1].index == 1);
    CHECK(!answers[2].is_measured && answers[2].contributions[0] == 0);
}

static void describe_asks_for_any_indicator(void)
{
    const char *text = linli_described("evaluator");
    CHECK(strstr(text, "\"kind\":\"evaluator\"") != NULL);
    CHECK(strstr(text, "\"columns\":[\"*\"]") != NULL);
    CHECK(strstr(text, "\"vetoes\":[]") != NULL);
}

int main(void)
{
    null_is_not_measurable_and_never_zero();
    describe_asks_for_any_indicator();
    return linli_tested();
}
