-- Share of the kinds of volunteer posts that somebody holds, over the communities that have posts.
-- zh 岗位认领率
--
-- formula    kinds of posts held in the community / kinds of posts there are
-- direction  benefit
-- weight     150
-- reads      community, post, posting
-- param      $from timestamp  held at some time at or after this instant; NULL: since ever  default NULL
-- param      $to   timestamp  held at some time before this instant; NULL: until now  default NULL
-- returns    district_id   Utf8
--            community_id  Utf8
--            numerator     Int64  kinds of posts held
--            denominator   Int64  kinds of posts there are
-- order      district_id, community_id
-- source     S1-F03: 16 kinds of posts in each community
SELECT
    c.district_id,
    g.community_id,
    count(DISTINCT g.post_id) AS numerator,
    (SELECT count(*) FROM post) AS denominator
FROM posting g
JOIN community c ON c.community_id = g.community_id
WHERE ($from IS NULL OR g.ended_on IS NULL OR g.ended_on >= CAST($from AS DATE))
    AND ($to IS NULL OR g.claimed_on IS NULL OR g.claimed_on < CAST($to AS DATE))
GROUP BY c.district_id, g.community_id
ORDER BY c.district_id, g.community_id
