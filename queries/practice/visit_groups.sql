-- Visit groups and their households: who is in a group, whom it visits, and whether it is one to one.
-- zh 结组走访：小组与家庭
--
-- reads    visit_group, visit_group_member, pairing, household, need, pin
-- param    $community text  only this community; NULL: all  default NULL
-- returns  group_id        Utf8
--          community_id    Utf8
--          organization_id Utf8       who sends the volunteers
--          household_code  Utf8       NULL without a household
--          tags            List       why the household is on the register of those in need
--          started_on      Date32     the first visit
--          next_from       Timestamp  when the next visit may begin
--          next_to         Timestamp  by when it must have ended
--          stays_together  Boolean    whether a match must keep the pair
--          is_mixed        Boolean    at least one social worker and one volunteer
--          is_one_to_one   Boolean    one household for the group and one group for the household
--          social_workers  Int64      people
--          volunteers      Int64      people
--          members         Int64      people
-- order    group_id, household_code
-- source   S3-M1, S3-M2; S3-F15: 12 groups of 3 for 12 households
WITH size AS (
    SELECT
        group_id,
        count(*) AS members,
        count(*) FILTER (WHERE role = 'social_worker') AS social_workers,
        count(*) FILTER (WHERE role = 'volunteer') AS volunteers
    FROM visit_group_member
    GROUP BY group_id
),
pair AS (
    SELECT
        volunteer_id,
        household_code,
        need_id,
        started_on,
        count(*) OVER (PARTITION BY volunteer_id) AS households,
        count(*) OVER (PARTITION BY household_code) AS groups
    FROM pairing
    WHERE ended_on IS NULL AND volunteer_id IN (SELECT group_id FROM visit_group)
)
SELECT
    g.group_id,
    g.community_id,
    g.organization_id,
    p.household_code,
    h.tags,
    p.started_on,
    n.window_start AS next_from,
    n.window_end AS next_to,
    i.kind IS NOT NULL AS stays_together,
    coalesce(s.social_workers > 0 AND s.volunteers > 0, false) AS is_mixed,
    coalesce(p.households = 1 AND p.groups = 1, false) AS is_one_to_one,
    coalesce(s.social_workers, 0) AS social_workers,
    coalesce(s.volunteers, 0) AS volunteers,
    coalesce(s.members, 0) AS members
FROM visit_group g
LEFT JOIN size s ON s.group_id = g.group_id
LEFT JOIN pair p ON p.volunteer_id = g.group_id
LEFT JOIN household h ON h.household_code = p.household_code
LEFT JOIN need n ON n.need_id = p.need_id
LEFT JOIN pin i ON i.need_id = p.need_id AND i.provider_id = g.group_id AND i.kind = 'must'
WHERE $community IS NULL OR g.community_id = $community
ORDER BY g.group_id, p.household_code
