-- The register of pairs: who stands by which household, with what, and how often they met.
-- zh 结对帮扶情况登记表
--
-- reads    pairing, volunteer, household, activity
-- param    $community text  only this community; NULL: all  default NULL
-- param    $month     text  visits of this month, such as 2012-09; NULL: all visits  default NULL
-- returns  pairing_id     Utf8
--          community_id   Utf8     of the household, else of the volunteer
--          volunteer_id   Utf8
--          kind           Utf8     of the volunteer
--          household_code Utf8
--          tags           List     why the household is on the register of those in need
--          mode           Utf8     one_to_one or one_to_many, seen from the volunteer
--          task           Utf8     what was promised
--          started_on     Date32
--          ended_on       Date32   NULL while it lasts
--          last_visit     Date32
--          visits         Int64
--          hours          Decimal  h, of these visits
-- order    community_id, pairing_id
-- source   S1 (iii): 结对帮扶情况登记表, one of the three forms; S1-M4
WITH visit AS (
    SELECT pairing_id, count(*) AS visits, sum(duration_min) AS minutes, max(held_on) AS last_visit
    FROM activity
    WHERE pairing_id IS NOT NULL
        AND ($month IS NULL OR substr(CAST(held_on AS VARCHAR), 1, 7) = $month)
    GROUP BY pairing_id
)
SELECT
    p.pairing_id,
    coalesce(h.community_id, v.community_id) AS community_id,
    p.volunteer_id,
    v.kind,
    p.household_code,
    h.tags,
    p.mode,
    p.task,
    p.started_on,
    p.ended_on,
    t.last_visit,
    coalesce(t.visits, 0) AS visits,
    CAST(round(coalesce(t.minutes, 0) / 60.0, 2) AS DECIMAL(8, 2)) AS hours
FROM pairing p
LEFT JOIN visit t ON t.pairing_id = p.pairing_id
LEFT JOIN volunteer v ON v.volunteer_id = p.volunteer_id
LEFT JOIN household h ON h.household_code = p.household_code
WHERE $community IS NULL OR coalesce(h.community_id, v.community_id) = $community
ORDER BY community_id, p.pairing_id
