/* The SDK itself, natively: cc -std=c11 -Wall -Isdk sdk/test.c sdk/linli*.c -lm -o test && ./test */
#include "linli_test.h"

static const char *const modes[] = {"walk", "bus", NULL};

const linli_manifest linli_plugin = {
    .name = "x",
    .version = "1.0.0",
    .title = {"标\"题", "Title"},
    .summary = {"概要", "Summary"},
    .columns = (const linli_column_wanted[]){{"a_m", LINLI_I64}, {"b", LINLI_TEXT}, {0}},
    .settings = (const linli_setting[]){{"far_m", {"远", "Far"}, LINLI_NUMBER, 0.5, 0, 9000, NULL},
                                        {"strict", {"严", "Strict"}, LINLI_SWITCH, 1, 0, 0, NULL},
                                        {"mode", {"方式", "Mode"}, LINLI_CHOICE, 0, 0, 0, modes},
                                        {0}},
    .vetoes = (const linli_veto_code[]){{7, {"太远", "Too far"}}, {0}},
    .authors = (const char *const[]){"a", "b", NULL},
    .licence = "Apache-2.0",
};

static const linli_settings *seen;

linli_fault linli_configure(const linli_settings *settings)
{
    seen = settings;
    return linli_fine;
}

/* What reading these settings complains of. */
static const char *problem(const char *text)
{
    linli_fault fault = linli_configured(text);
    return fault.kind == LINLI_FINE ? "fine" : fault.text;
}

static void describe_has_every_key_of_the_contract(void)
{
    const char *expected = "{\"name\":\"x\",\"version\":\"1.0.0\",\"kind\":\"scorer\","
                           "\"title\":{\"zh\":\"标\\\"题\",\"en\":\"Title\"},"
                           "\"summary\":{\"zh\":\"概要\",\"en\":\"Summary\"},"
                           "\"columns\":[{\"name\":\"a_m\",\"type\":\"i64\"},{\"name\":\"b\",\"type\":\"text\"}],"
                           "\"settings\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                           "\"far_m\":{\"type\":\"number\",\"default\":0.5,\"minimum\":0,\"maximum\":9000,"
                           "\"description\":\"Far\",\"description_zh\":\"远\"},"
                           "\"strict\":{\"type\":\"boolean\",\"default\":true,"
                           "\"description\":\"Strict\",\"description_zh\":\"严\"},"
                           "\"mode\":{\"type\":\"string\",\"default\":\"walk\",\"enum\":[\"walk\",\"bus\"],"
                           "\"description\":\"Mode\",\"description_zh\":\"方式\"}}},"
                           "\"vetoes\":[{\"code\":7,\"zh\":\"太远\",\"en\":\"Too far\"}],"
                           "\"authors\":[\"a\",\"b\"],\"licence\":\"Apache-2.0\"}";
    CHECK(strcmp(linli_described("scorer"), expected) == 0);
}

static void what_is_left_out_gets_its_default(void)
{
    CHECK(strcmp(problem(" {\"strict\": false} "), "fine") == 0);
    CHECK(linli_number(seen, "far_m") == 0.5);
    CHECK(!linli_switch(seen, "strict"));
    CHECK(linli_is(linli_choice(seen, "mode"), "walk"));
    CHECK(strcmp(problem("{\"mode\":\"b\\u0075s\",\"far_m\":250}"), "fine") == 0);
    CHECK(linli_number(seen, "far_m") == 250);
    CHECK(linli_is(linli_choice(seen, "mode"), "bus"));
}

static void wrong_settings_are_named(void)
{
    CHECK(strcmp(problem("[]"), "expected an object") == 0);
    CHECK(strcmp(problem("{"), "expected a text at byte 1 of the JSON") == 0);
    CHECK(strcmp(problem("{} {}"), "expected the end at byte 3 of the JSON") == 0);
    CHECK(strcmp(problem("{\"strict\":true"), "expected `,` or `}` at byte 14 of the JSON") == 0);
    CHECK(strcmp(problem("{\"x\": 1}"), "unknown setting `x`") == 0);
    CHECK(strcmp(problem("{\"far_m\":1,\"far_m\":1}"), "key `far_m` occurs twice") == 0);
    CHECK(strcmp(problem("{\"far_m\": 9001}"), "`far_m` is 9001, expected 0 to 9000") == 0);
    CHECK(strcmp(problem("{\"far_m\": -0.25}"), "`far_m` is -0.25, expected 0 to 9000") == 0);
    CHECK(strcmp(problem("{\"far_m\": \"500\"}"), "`far_m` must be a number") == 0);
    CHECK(strcmp(problem("{\"strict\": 1}"), "`strict` must be true or false") == 0);
    CHECK(strcmp(problem("{\"mode\": \"car\"}"), "`mode` must be one of: walk, bus") == 0);
    CHECK(strcmp(problem("{\"mode\": null}"), "`mode` must be one of: walk, bus") == 0);
}

/* Reads one number; NAN where it is none. */
static double number(const char *text)
{
    linli_reader in = {text, strlen(text), 0, {LINLI_FINE, NULL}};
    double it;
    return linli_read_number(&in, &it) && in.at == in.length ? it : NAN;
}

static void numbers_are_those_of_the_c_library(void)
{
    const char *const texts[] = {"0",         "-0.25", "500",     "0.1",    "0.7",    "1e3",       "2.5E-3",
                                 "123456.789", "-7e0", "0.000001", "1e-22", "5e+2", "3.0e-7", "999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK(number(texts[i]) == strtod(texts[i], NULL));
    const char *const wrong[] = {"01", "+1", ".5", "1.", "1e", "1e400", "-", "0x1", "1 2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(isnan(number(wrong[i])));
    CHECK(number("0e999") == 0 && number("1e-999") == 0);
}

static void texts_are_cut_at_their_offsets(void)
{
    const char *const words[] = {"民", "", NULL};
    linli_column columns[] = {linli_texts_of("b", words, 3)}, found;
    linli_batch batch = {3, {columns, 1}};
    linli_text text;
    CHECK(linli_find(&batch, "b", LINLI_TEXT, &found).kind == LINLI_FINE);
    CHECK(linli_str(&found, 0, &text) && linli_is(text, "民"));
    CHECK(linli_str(&found, 1, &text) && text.length == 0);
    CHECK(!linli_str(&found, 2, &text));
}

static void what_is_wrong_with_a_column_is_said(void)
{
    const double values[] = {1, 2};
    linli_column columns[] = {linli_column_of("x", LINLI_F64, values, 2, NULL)}, found;
    linli_batch batch = {3, {columns, 1}};
    CHECK(strcmp(linli_find(&batch, "x", LINLI_F64, &found).text, "column `x` has 2 entries, expected 3") == 0);
    CHECK(strcmp(linli_find(&batch, "x", LINLI_I64, &found).text, "column `x` does not hold i64s") == 0);
    CHECK(linli_find(&batch, "y", LINLI_F64, &found).kind == LINLI_MISSING_COLUMN);
}

static void vetoes_end_up_ascending_and_unique(void)
{
    const uint32_t rows[] = {3, 0, 3, 2, 0};
    const uint16_t codes[] = {1, 2, 3, 1, 1};
    linli_scores scores = {NULL, 4, NULL, 0};
    for (int i = 0; i < 5; i++)
        linli_veto(&scores, rows[i], codes[i]);
    CHECK(scores.n_vetoes == 3);
    CHECK(scores.vetoes[0].row == 0 && scores.vetoes[0].code == 2);
    CHECK(scores.vetoes[1].row == 2 && scores.vetoes[1].code == 1);
    CHECK(scores.vetoes[2].row == 3 && scores.vetoes[2].code == 1);
}

linli_fault linli_score(const linli_batch *batch, linli_scores *scores)
{
    (void)batch, (void)scores;
    return linli_fine;
}

int main(void)
{
    describe_has_every_key_of_the_contract();
    what_is_left_out_gets_its_default();
    wrong_settings_are_named();
    numbers_are_those_of_the_c_library();
    texts_are_cut_at_their_offsets();
    what_is_wrong_with_a_column_is_said();
    vetoes_end_up_ascending_and_unique();
    return linli_tested();
}
