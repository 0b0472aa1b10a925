-- Petitions as cases: who joined them, what they are about, how fast they were settled.
-- zh 信访案件：合并、代表与化解天数
--
-- Complaints merged into a case count with it, and so does the case itself.
--
-- formula  days = local day of settlement − local day of receipt
-- reads    petition, need, published_figure
-- param    $community text  only this community; NULL: all  default NULL
-- returns  petition_id     Utf8
--          community_id    Utf8
--          channel         Utf8
--          topics          List
--          need_id         Utf8     the case
--          task_group      List     the offices that handled it
--          opened_at       Timestamp
--          hearing_at      Timestamp
--          closed_at       Timestamp  NULL while it is not settled
--          is_in_benchmark Boolean  settled within the days that were published; NULL while it is not settled
--          complaints      Int64    the case and those merged into it
--          petitioners     Int64    people
--          representatives Int64    people who spoke for them
--          days            Int64    days
-- order    opened_at, petition_id
-- source   S3-M5; S3-F02..06: 17 petitions, 14 people in one case, settled in 4 days
WITH merged AS (
    SELECT duplicate_of, count(*) AS merged
    FROM need
    WHERE duplicate_of IS NOT NULL
    GROUP BY duplicate_of
),
benchmark AS (
    SELECT max(point) AS days FROM published_figure WHERE figure_id = 'S3-F06'
),
counted AS (
    SELECT
        petition_id,
        CAST(CAST(substr(CAST(closed_at AS VARCHAR), 1, 10) AS DATE) AS INT)
            - CAST(CAST(substr(CAST(opened_at AS VARCHAR), 1, 10) AS DATE) AS INT) AS days
    FROM petition
)
SELECT
    p.petition_id,
    p.community_id,
    p.channel,
    p.topics,
    p.need_id,
    p.task_group,
    p.opened_at,
    p.hearing_at,
    p.closed_at,
    c.days <= b.days AS is_in_benchmark,
    1 + coalesce(m.merged, 0) AS complaints,
    p.petitioners,
    p.representatives,
    CAST(c.days AS BIGINT) AS days
FROM petition p
JOIN counted c ON c.petition_id = p.petition_id
CROSS JOIN benchmark b
LEFT JOIN merged m ON m.duplicate_of = p.need_id
WHERE $community IS NULL OR p.community_id = $community
ORDER BY p.opened_at, p.petition_id
