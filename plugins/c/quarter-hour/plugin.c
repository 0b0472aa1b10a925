/* Quarter of an hour: who can be there on foot within the circle of daily life is near.
 *
 * Cities plan for a "fifteen-minute life circle": what one needs daily lies that far away on foot.
 * An office that plans so wants its helpers from the circle, wants them nearer where it is urgent,
 * and does not care much who of them lives a street closer:
 *
 *     reach = minutes * m_per_min              tier 2 and 3: urgent_minutes * m_per_min
 *     score = 1 - (1 - edge_score) * d         inside, d = distance / reach, 0 to 1
 *             edge_score * (2 - d)             outside, and 0 from two circles on
 *
 *     distance unknown   counts as the edge of the circle: no reason to refuse help
 *     tier unknown       counts as not urgent
 *
 * With `outside` = refused nobody is sent beyond the circle; but a distance from the middle of a
 * community is no more than a guess, and a guess refuses nobody.
 *
 * The defaults are a starting point to be adjusted: 70 m a minute is an unhurried walk of 4.2 km/h.
 */
#include "linli.h"

enum { URGENT_TIER = 2, OUTSIDE = 1 };

static const char *const outside[] = {"allowed", "refused", NULL};

const linli_manifest linli_plugin = {
    .name = "quarter-hour",
    .version = "0.1.0",
    .title = {"十五分钟圈", "Quarter of an hour"},
    .summary = {"步行十五分钟以内者优先，紧急需求五分钟以内者优先。",
                "Best is who can be there within a quarter of an hour on foot, if urgent within 5 minutes."},
    .columns = (const linli_column_wanted[]){{"distance_m", LINLI_I64},
                                             {"distance_basis", LINLI_TEXT},
                                             {"tier", LINLI_I64},
                                             {0}},
    .settings =
        (const linli_setting[]){
            {"minutes", {"生活圈（分钟）", "the circle, in minutes"}, LINLI_NUMBER, 15, 1, 120, NULL},
            {"urgent_minutes",
             {"紧急需求的生活圈（分钟）", "the circle of urgent needs, in minutes"},
             LINLI_NUMBER, 5, 1, 120, NULL},
            {"m_per_min",
             {"步行速度（米/分钟）", "walking speed, in metres a minute"},
             LINLI_NUMBER, 70, 1, 200, NULL},
            {"edge_score",
             {"圈边缘的得分", "score at the edge of the circle"},
             LINLI_NUMBER, 0.7, 0, 1, NULL},
            {"outside",
             {"圈外：allowed 可派，refused 不派", "beyond the circle: may be sent, or may not"},
             LINLI_CHOICE, 0, 0, 0, outside},
            {0}},
    .vetoes = (const linli_veto_code[]){{OUTSIDE, {"不在步行圈内", "too far to come on foot in time"}}, {0}},
    .authors = (const char *const[]){"linli", NULL},
    .licence = "Apache-2.0",
};

static double reach_m, urgent_reach_m, edge_score;
static bool refuses;

linli_fault linli_configure(const linli_settings *settings)
{
    double m_per_min = linli_number(settings, "m_per_min");
    reach_m = linli_number(settings, "minutes") * m_per_min;
    urgent_reach_m = linli_number(settings, "urgent_minutes") * m_per_min;
    edge_score = linli_number(settings, "edge_score");
    refuses = linli_is(linli_choice(settings, "outside"), "refused");
    return linli_fine;
}

/* The score at a distance of so many circles, 1 being the edge. */
static double score(double circles, double at_edge)
{
    if (circles <= 0)
        return 1;
    if (circles <= 1)
        return 1 - (1 - at_edge) * circles;
    return circles < 2 ? at_edge * (2 - circles) : 0;
}

/* How many circles away; the unknown is at the edge. */
static double circles(const linli_column *distance_m, const linli_column *tier, uint32_t row)
{
    int64_t distance, urgency = 0;
    linli_i64(tier, row, &urgency);
    if (!linli_i64(distance_m, row, &distance))
        return 1;
    return (double)distance / (urgency >= URGENT_TIER ? urgent_reach_m : reach_m);
}

/* Whether a distance was measured from where people are. */
static bool is_measured(const linli_column *basis, uint32_t row)
{
    linli_text text;
    return linli_str(basis, row, &text) && (linli_is(text, "point") || linli_is(text, "gazetteer"));
}

linli_fault linli_score(const linli_batch *batch, linli_scores *scores)
{
    linli_column distance_m, basis, tier;
    linli_fault fault = linli_find(batch, "distance_m", LINLI_I64, &distance_m);
    if (fault.kind == LINLI_FINE)
        fault = linli_find(batch, "distance_basis", LINLI_TEXT, &basis);
    if (fault.kind == LINLI_FINE)
        fault = linli_find(batch, "tier", LINLI_I64, &tier);
    if (fault.kind != LINLI_FINE)
        return fault;
    for (uint32_t row = 0; row < batch->rows; row++) {
        double away = circles(&distance_m, &tier, row);
        scores->values[row] = score(away, edge_score);
        if (refuses && away > 1 && is_measured(&basis, row))
            linli_veto(scores, row, OUTSIDE);
    }
    return linli_fine;
}

LINLI_SCORER
