-- Share of the kinds of volunteer posts that somebody holds, over all communities of districts that have posts.
-- zh 岗位认领率
--
-- The kinds of posts there are, are the rows of table post. In a district with any posting at
-- all, a community without one holds none of them; in the others nothing can be measured.
--
-- formula    kinds of posts held in the community at the end of the period / kinds of posts there are
-- direction  benefit
-- weight     150
-- reads      community, post, posting
-- param      $from timestamp  not used: posts are counted at the end of the period  default NULL
-- param      $to   timestamp  the end: claimed before its local day, not ended before it; NULL: today  default NULL
-- returns    district_id   Utf8
--            community_id  Utf8
--            numerator     Int64  kinds of posts held
--            denominator   Int64  kinds of posts there are
-- order      district_id, community_id
-- source     S1-F03: 16 kinds of posts in each community
WITH recorded AS (
    SELECT DISTINCT c.district_id FROM posting g JOIN community c ON c.community_id = g.community_id
),
held AS (
    SELECT DISTINCT g.community_id, g.post_id
    FROM posting g
    JOIN post p ON p.post_id = g.post_id
    -- Without an end of the period, who ever left has left.
    WHERE (g.ended_on IS NULL OR g.ended_on >= CAST($to AS DATE))
        AND ($to IS NULL OR g.claimed_on IS NULL OR g.claimed_on < CAST($to AS DATE))
)
SELECT
    c.district_id,
    c.community_id,
    count(h.post_id) AS numerator,
    (SELECT count(*) FROM post) AS denominator
FROM community c
JOIN recorded d ON d.district_id = c.district_id
LEFT JOIN held h ON h.community_id = c.community_id
GROUP BY c.district_id, c.community_id
ORDER BY c.district_id, c.community_id
