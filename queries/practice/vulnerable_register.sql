-- The register of households in need: why they are on it, what they need, who stands by them.
-- zh 弱势群体情况登记表
--
-- A household is a code. Its categories and its code narrow down who it is and do not name it.
--
-- reads    household, community, pairing
-- param    $community text  only this community; NULL: all  default NULL
-- param    $tag       text  only this category; NULL: all  default NULL
-- param    $on        date  on the register on this day; NULL: not taken off it  default NULL
-- returns  community_id   Utf8
--          community      Utf8     its name
--          household_code Utf8
--          tags           List     poor_family, lonely_elder, poor_student, poor_disabled, laid_off
--          needs          List     services, by ID
--          registered_on  Date32
--          is_paired      Boolean  whether somebody stands by it
--          volunteer_id   Utf8     who does; the first of several
--          members        Int64    people
-- order    community_id, household_code
-- source   S1 (iii): 弱势群体情况登记表, one of the three forms; 困难家庭的特殊档案
WITH pair AS (
    SELECT household_code, min(volunteer_id) AS volunteer_id
    FROM pairing
    WHERE (ended_on IS NULL OR ended_on >= $on) AND ($on IS NULL OR started_on <= $on)
    GROUP BY household_code
)
SELECT
    h.community_id,
    c.name AS community,
    h.household_code,
    h.tags,
    h.needs,
    h.registered_on,
    p.volunteer_id IS NOT NULL AS is_paired,
    p.volunteer_id,
    h.members
FROM household h
LEFT JOIN community c ON c.community_id = h.community_id
LEFT JOIN pair p ON p.household_code = h.household_code
WHERE (h.removed_on IS NULL OR h.removed_on > $on)
    AND ($on IS NULL OR h.registered_on IS NULL OR h.registered_on <= $on)
    AND ($community IS NULL OR h.community_id = $community)
    AND ($tag IS NULL OR array_has(h.tags, $tag))
ORDER BY h.community_id, h.household_code
