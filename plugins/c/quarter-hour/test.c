/* Natively, in the folder above:
 *
 *     cc -std=c11 -Wall -Isdk quarter-hour/test.c sdk/linli*.c -lm -o test && ./test
 */
#include "plugin.c"

#include "linli_test.h"

enum { ROWS = 6 };

/* At the door, at the edge, a circle and a half away, far away, unknown, and guessed to be far. */
static linli_scores scored(const int64_t *tiers)
{
    const int64_t distance_m[ROWS] = {0, 1050, 1575, 90000, -7, 90000};
    const uint8_t known[ROWS] = {1, 1, 1, 1, 0, 1};
    const char *const basis[ROWS] = {"point", "point", "gazetteer", "point", "unknown", "centroid"};
    const uint8_t no_tier[ROWS] = {0};
    linli_column columns[] = {
        linli_column_of("distance_m", LINLI_I64, distance_m, ROWS, known),
        linli_texts_of("distance_basis", basis, ROWS),
        linli_column_of("tier", LINLI_I64, tiers ? tiers : distance_m, ROWS, tiers ? NULL : no_tier),
    };
    return linli_scored(columns, 3, ROWS);
}

static void the_score_falls_slowly_inside_and_fast_outside(void)
{
    CHECK(linli_configured("{}").kind == LINLI_FINE);
    const double expected[ROWS] = {1, 0.7, 0.35, 0, 0.7, 0};
    linli_scores scores = scored(NULL);
    for (int row = 0; row < ROWS; row++)
        CHECK_NEAR(scores.values[row], expected[row]);
    CHECK(scores.n_vetoes == 0);
}

static void what_is_urgent_has_a_smaller_circle(void)
{
    const int64_t tiers[ROWS] = {3, 3, 2, 1, 3, 0};
    linli_configured("{\"urgent_minutes\": 10}");
    linli_scores scores = scored(tiers);
    CHECK_NEAR(scores.values[0], 1);
    CHECK_NEAR(scores.values[1], 0.35);
    CHECK_NEAR(scores.values[4], 0.7);
}

static void a_guess_refuses_nobody(void)
{
    linli_configured("{\"outside\": \"refused\"}");
    linli_scores scores = scored(NULL);
    CHECK(scores.n_vetoes == 2);
    CHECK(scores.vetoes[0].row == 2 && scores.vetoes[0].code == OUTSIDE);
    CHECK(scores.vetoes[1].row == 3);
}

static void every_score_lies_between_0_and_1(void)
{
    for (double away = -3; away < 5; away += 0.01)
        for (double edge = 0; edge <= 1; edge += 0.25)
            CHECK(score(away, edge) >= 0 && score(away, edge) <= 1);
}

static void a_missing_column_is_named(void)
{
    linli_batch batch = {0, {NULL, 0}};
    linli_scores scores = {0};
    linli_fault fault = linli_score(&batch, &scores);
    CHECK(fault.kind == LINLI_MISSING_COLUMN && strcmp(fault.text, "distance_m") == 0);
}

int main(void)
{
    the_score_falls_slowly_inside_and_fast_outside();
    what_is_urgent_has_a_smaller_circle();
    a_guess_refuses_nobody();
    every_score_lies_between_0_and_1();
    a_missing_column_is_named();
    return linli_tested();
}
