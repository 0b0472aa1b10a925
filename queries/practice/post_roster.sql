-- Posts: how many communities have each of them to give, how many were claimed, how many are open.
-- zh 公益服务岗位认领情况
--
-- Every community has every post once. A post is held from the approval of the claim until it
-- ends; a claim without approval waits. Whose volunteer has left is open, unless a day is named.
--
-- formula  filled = held / seats
-- reads    post, posting, community, volunteer
-- param    $community text  only this community; NULL: all of the districts that have posts  default NULL
-- param    $on        date  held on this day; NULL: approved and not ended  default NULL
-- returns  post_id        Utf8
--          name           Utf8     in Chinese
--          skills         List     what it takes
--          is_published   Boolean  whether the text names the post
--          seats          Int64    communities
--          claimed        Int64    communities in which somebody claimed it and has not left
--          held           Int64    of these, approved
--          waiting        Int64    claimed and not approved
--          open           Int64    neither held nor waiting
--          filled_percent Decimal  held / seats, two places
-- order    post_id
-- source   S1-F03: 16 kinds of posts, nine of them named; S1-M1; 岗位认领
WITH home AS (
    SELECT community_id
    FROM community
    WHERE ($community IS NULL AND district_id IN (
        SELECT c.district_id FROM posting g JOIN community c ON c.community_id = g.community_id
    )) OR community_id = $community
),
claim AS (
    SELECT
        g.post_id,
        g.community_id,
        max(CASE WHEN g.approved_on IS NOT NULL AND ($on IS NULL OR g.approved_on <= $on) THEN 1 ELSE 0 END)
            AS approved
    FROM posting g
    JOIN home h ON h.community_id = g.community_id
    LEFT JOIN volunteer v ON v.volunteer_id = g.volunteer_id
    -- When somebody left is not on file, so that it can only be told of today.
    WHERE ($on IS NOT NULL OR coalesce(v.status, 'active') <> 'left')
        AND (g.ended_on IS NULL OR g.ended_on > $on)
        AND ($on IS NULL OR g.claimed_on IS NULL OR g.claimed_on <= $on)
    GROUP BY g.post_id, g.community_id
),
counted AS (
    SELECT post_id, count(*) AS claimed, sum(approved) AS held
    FROM claim
    GROUP BY post_id
),
seats AS (
    SELECT count(*) AS seats FROM home
)
SELECT
    p.post_id,
    p.name_zh AS name,
    p.skills,
    coalesce(p.provenance = 'published', false) AS is_published,
    s.seats,
    coalesce(c.claimed, 0) AS claimed,
    coalesce(c.held, 0) AS held,
    coalesce(c.claimed - c.held, 0) AS waiting,
    s.seats - coalesce(c.claimed, 0) AS open,
    CAST(round(100.0 * coalesce(c.held, 0) / nullif(s.seats, 0), 2) AS DECIMAL(5, 2)) AS filled_percent
FROM post p
CROSS JOIN seats s
LEFT JOIN counted c ON c.post_id = p.post_id
ORDER BY p.post_id
