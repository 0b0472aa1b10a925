-- The monthly form of activities: each with its object, content and effect; then the sum of each community.
-- zh 活动月报表
--
-- Visits of pairs are lines like any other. Residents who come twice count twice.
--
-- reads    activity, community, team, post
-- param    $month     text  such as 2012-09; NULL: all months  default NULL
-- param    $community text  only this community; NULL: all  default NULL
-- returns  community_id  Utf8
--          community     Utf8     its name
--          activity_id   Utf8     `total` for the sum
--          held_on       Date32   NULL in the sum
--          holder        Utf8     the subject of the team, the name of the post, or the pair
--          service_id    Utf8
--          object        Utf8
--          content       Utf8
--          effect        Utf8
--          activities    Int64    1, or how many in the sum
--          party_members Int64    people who served
--          volunteers    Int64    people who served, party members among them
--          participants  Int64    residents who took part
--          hours         Decimal  h, of the activities
-- order    community_id, held_on, activity_id; the sum last
-- source   S1 (iii): 活动月报表, one of the three forms; each activity records object, content, effect
WITH line AS (
    SELECT
        a.community_id,
        a.activity_id,
        a.held_on,
        coalesce(t.subject, p.name_zh, a.pairing_id) AS holder,
        a.service_id,
        a.object,
        a.content,
        a.effect,
        CAST(1 AS BIGINT) AS activities,
        coalesce(a.party_members, 0) AS party_members,
        coalesce(a.volunteers, 0) AS volunteers,
        coalesce(a.participants, 0) AS participants,
        coalesce(a.duration_min, 0) AS minutes
    FROM activity a
    LEFT JOIN team t ON t.team_id = a.team_id
    LEFT JOIN post p ON p.post_id = a.post_id
    WHERE ($month IS NULL OR substr(CAST(a.held_on AS VARCHAR), 1, 7) = $month)
        AND ($community IS NULL OR a.community_id = $community)
),
form AS (
    SELECT * FROM line
    UNION ALL
    SELECT
        community_id,
        'total' AS activity_id,
        CAST(NULL AS DATE) AS held_on,
        CAST(NULL AS VARCHAR) AS holder,
        CAST(NULL AS VARCHAR) AS service_id,
        CAST(NULL AS VARCHAR) AS object,
        CAST(NULL AS VARCHAR) AS content,
        CAST(NULL AS VARCHAR) AS effect,
        sum(activities) AS activities,
        sum(party_members) AS party_members,
        sum(volunteers) AS volunteers,
        sum(participants) AS participants,
        sum(minutes) AS minutes
    FROM line
    GROUP BY community_id
)
SELECT
    f.community_id,
    c.name AS community,
    f.activity_id,
    f.held_on,
    f.holder,
    f.service_id,
    f.object,
    f.content,
    f.effect,
    f.activities,
    f.party_members,
    f.volunteers,
    f.participants,
    CAST(round(f.minutes / 60.0, 2) AS DECIMAL(10, 2)) AS hours
FROM form f
LEFT JOIN community c ON c.community_id = f.community_id
ORDER BY f.community_id, f.held_on NULLS LAST, f.activity_id
