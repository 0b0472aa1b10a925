/* Neighbours first: who lives in the community of a need is better than who does not.
 *
 * What an unknown community is worth is decided here: as much as another one.
 */
#include "linli.h"

const linli_manifest linli_plugin = {
    .name = "my-plugin",
    .version = "0.1.0",
    .title = {"本社区优先", "Neighbours first"},
    .summary = {"本社区的人优先。", "Neighbours come first."},
    .columns = (const linli_column_wanted[]){{"same_community", LINLI_BOOL}, {0}},
    .settings = (const linli_setting[]){{"stranger_score",
                                         {"外社区者的得分", "score of who lives elsewhere"},
                                         LINLI_NUMBER, 0.5, 0, 1, NULL},
                                        {0}},
    .authors = (const char *const[]){"you", NULL},
    .licence = "Apache-2.0",
};

static double stranger_score;

linli_fault linli_configure(const linli_settings *settings)
{
    stranger_score = linli_number(settings, "stranger_score");
    return linli_fine;
}

linli_fault linli_score(const linli_batch *batch, linli_scores *scores)
{
    linli_column same_community;
    linli_fault fault = linli_find(batch, "same_community", LINLI_BOOL, &same_community);
    if (fault.kind != LINLI_FINE)
        return fault;
    for (uint32_t row = 0; row < batch->rows; row++) {
        bool is_same = false;
        linli_bool(&same_community, row, &is_same);
        scores->values[row] = is_same ? 1 : stranger_score;
    }
    return linli_fine;
}

LINLI_SCORER
