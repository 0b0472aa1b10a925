-- How many of the service platforms each community has.
-- zh 社区服务平台齐全度
--
-- The platforms there are, are the services right below one root; a community has those that its
-- points name among their specialities. In a district with any platform on file, a community
-- without one is unknown, not empty; the others have no row.
--
-- formula  platforms present / platforms there are
-- reads    community, service, service_point
-- param    $root text  the service below which the platforms stand  default platform
-- returns  district_id   Utf8
--          community_id  Utf8
--          present       Int64    platforms that it has; NULL: unknown
--          expected      Int64    platforms there are: 8 in the practice
--          complete      Boolean  NULL: unknown
-- order    district_id, community_id
-- source   S2 (i), S2-F38: eight platforms
WITH platform AS (
    SELECT service_id FROM service WHERE parent_id = $root
),
named AS (
    SELECT community_id, unnest(specialities) AS service_id FROM service_point
),
present AS (
    SELECT n.community_id, count(DISTINCT n.service_id) AS platforms
    FROM named n
    JOIN platform p ON p.service_id = n.service_id
    GROUP BY n.community_id
),
recorded AS (
    SELECT DISTINCT c.district_id FROM present p JOIN community c ON c.community_id = p.community_id
)
SELECT
    c.district_id,
    c.community_id,
    p.platforms AS present,
    t.platforms AS expected,
    p.platforms = t.platforms AS complete
FROM community c
JOIN recorded d ON d.district_id = c.district_id
LEFT JOIN present p ON p.community_id = c.community_id
CROSS JOIN (SELECT count(*) AS platforms FROM platform) t
ORDER BY c.district_id, c.community_id
