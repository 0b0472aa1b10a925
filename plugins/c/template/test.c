/* Natively, in this folder: cc -std=c11 -Wall -Isdk test.c sdk/linli*.c -lm -o test && ./test */
#include "plugin.c"

#include "linli_test.h"

enum { ROWS = 3 };

static linli_scores scored(const char *settings)
{
    const uint8_t same[ROWS] = {1, 0, 1}, known[ROWS] = {1, 1, 0};
    linli_column column = linli_column_of("same_community", LINLI_BOOL, same, ROWS, known);
    CHECK(linli_configured(settings).kind == LINLI_FINE);
    return linli_scored(&column, 1, ROWS);
}

static void a_neighbour_could_not_be_better_and_the_unknown_is_a_stranger(void)
{
    linli_scores scores = scored("{\"stranger_score\": 0.25}");
    CHECK(scores.values[0] == 1 && scores.values[1] == 0.25 && scores.values[2] == 0.25);
    CHECK(scored("{}").values[1] == 0.5);
}

int main(void)
{
    a_neighbour_could_not_be_better_and_the_unknown_is_a_stranger();
    return linli_tested();
}
