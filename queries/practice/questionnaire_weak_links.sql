-- What a questionnaire complains of: its questions, the weakest first.
-- zh 测评问卷分析：薄弱环节
--
-- A question is a weak link where fewer answers are good than over all questions together.
--
-- formula  good_percent = good / answers
-- reads    questionnaire, community
-- param    $period   text  2012, 2012-Q3 or 2012-09, and what lies within; NULL: all  default NULL
-- param    $district text  only this district; NULL: each by itself  default NULL
-- returns  district_id  Utf8
--          item         Utf8     the question
--          rank         Int64    1 for the weakest; equal shares share it
--          is_weak      Boolean  below the share over all questions
--          weakest_in   Int64    communities in which no question did worse
--          issued       Int64    copies of the questionnaire
--          answers      Int64
--          good         Int64
--          fair         Int64
--          poor         Int64
--          good_percent Decimal  two places
--          poor_percent Decimal  two places
-- order    district_id, rank, item
-- source   S1-F18: more than 3360 copies, analysed to find weak links; §6.4 measure 17
WITH sheet AS (
    SELECT
        c.district_id,
        q.community_id,
        q.item,
        sum(q.issued) AS issued,
        sum(coalesce(q.good, 0)) AS good,
        sum(coalesce(q.fair, 0)) AS fair,
        sum(coalesce(q.poor, 0)) AS poor,
        sum(coalesce(q.good, 0) + coalesce(q.fair, 0) + coalesce(q.poor, 0)) AS answers
    FROM questionnaire q
    LEFT JOIN community c ON c.community_id = q.community_id
    WHERE ($district IS NULL OR c.district_id = $district)
        AND (
            $period IS NULL OR q.period = $period OR substr(q.period, 1, 4) = $period
            OR substr(q.period, 1, 4) || '-Q'
                || CAST((try_cast(substr(q.period, 6, 2) AS BIGINT) + 2) / 3 AS VARCHAR) = $period
        )
    GROUP BY c.district_id, q.community_id, q.item
),
placed AS (
    SELECT
        district_id,
        item,
        rank() OVER (PARTITION BY district_id, community_id ORDER BY 1.0 * good / nullif(answers, 0)) AS place,
        issued,
        good,
        fair,
        poor,
        answers
    FROM sheet
),
question AS (
    SELECT
        district_id,
        item,
        count(*) FILTER (WHERE place = 1 AND answers > 0) AS weakest_in,
        sum(issued) AS issued,
        sum(answers) AS answers,
        sum(good) AS good,
        sum(fair) AS fair,
        sum(poor) AS poor
    FROM placed
    GROUP BY district_id, item
),
ranked AS (
    SELECT
        district_id,
        item,
        weakest_in,
        issued,
        answers,
        good,
        fair,
        poor,
        rank() OVER (PARTITION BY district_id ORDER BY 1.0 * good / nullif(answers, 0)) AS rank,
        sum(good) OVER (PARTITION BY district_id) AS all_good,
        sum(answers) OVER (PARTITION BY district_id) AS all_answers
    FROM question
)
SELECT
    district_id,
    item,
    CAST(rank AS BIGINT) AS rank,
    good * all_answers < all_good * answers AS is_weak,
    weakest_in,
    issued,
    answers,
    good,
    fair,
    poor,
    CAST(round(100.0 * good / nullif(answers, 0), 2) AS DECIMAL(5, 2)) AS good_percent,
    CAST(round(100.0 * poor / nullif(answers, 0), 2) AS DECIMAL(5, 2)) AS poor_percent
FROM ranked
ORDER BY district_id, rank, item
