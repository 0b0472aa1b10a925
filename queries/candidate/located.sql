-- Where addresses without coordinates are, by the gazetteer.
-- zh 按地名录查得的无坐标地址的位置
--
-- reads    need, volunteer, merchant, community, gazetteer
-- returns  one row per address that contains the name or an alias of a place: kind, id, lon, lat
--
-- The longest word wins, then a place of the same community, then the place's name. A place whose
-- community is stated counts for addresses of that community and for those that state none; the same
-- holds of districts. Addresses are compared with the places of their community; only where either
-- states none, with all. Open needs alone are looked up, as `need.sql` has them.
WITH asked AS (
    SELECT 'need' AS kind, n.need_id AS id, n.address, n.community_id, n.district_id
    FROM stored.need n
    WHERE (n.lon IS NULL OR n.lat IS NULL)
        AND coalesce(n.status, 'open') IN (
            'open', 'received', 'registered', 'classified', 'dispatched', 'transferred', 'escalated', 'reopened'
        )
    UNION ALL
    SELECT 'volunteer', v.volunteer_id, v.address, v.community_id, v.district_id
    FROM stored.volunteer v
    WHERE v.lon IS NULL OR v.lat IS NULL
    UNION ALL
    SELECT 'merchant', m.merchant_id, m.address, m.community_id, NULL
    FROM stored.merchant m
    WHERE m.lon IS NULL OR m.lat IS NULL
),
address AS (
    SELECT a.kind, a.id, a.address, a.community_id, coalesce(a.district_id, c.district_id) AS district_id
    FROM asked a
    LEFT JOIN community c ON c.community_id = a.community_id
    WHERE a.address IS NOT NULL
),
spelling AS (
    SELECT place_name, place_name AS word, community_id, district_id, lon, lat FROM gazetteer
    UNION ALL
    SELECT place_name, unnest(alias), community_id, district_id, lon, lat FROM gazetteer
),
place AS (
    SELECT s.place_name, s.word, s.community_id, coalesce(s.district_id, c.district_id) AS district_id, s.lon, s.lat
    FROM spelling s
    LEFT JOIN community c ON c.community_id = s.community_id
    -- One character stands in too many addresses to be a name.
    WHERE character_length(s.word) >= 2 AND s.lon IS NOT NULL AND s.lat IS NOT NULL
),
hit AS (
    SELECT a.kind, a.id, p.place_name, p.word, p.lon, p.lat, 0 AS far
    FROM address a
    JOIN place p ON p.community_id = a.community_id AND strpos(a.address, p.word) > 0
    UNION ALL
    SELECT a.kind, a.id, p.place_name, p.word, p.lon, p.lat, 1
    FROM address a
    JOIN (SELECT * FROM place WHERE community_id IS NULL) p
        ON strpos(a.address, p.word) > 0
        AND (p.district_id IS NULL OR a.district_id IS NULL OR p.district_id = a.district_id)
    UNION ALL
    SELECT a.kind, a.id, p.place_name, p.word, p.lon, p.lat, 1
    FROM (SELECT * FROM address WHERE community_id IS NULL) a
    JOIN (SELECT * FROM place WHERE community_id IS NOT NULL) p
        ON strpos(a.address, p.word) > 0
        AND (p.district_id IS NULL OR a.district_id IS NULL OR p.district_id = a.district_id)
),
ranked AS (
    SELECT
        kind, id, lon, lat,
        row_number() OVER (
            PARTITION BY kind, id ORDER BY character_length(word) DESC, far, place_name, word
        ) AS place
    FROM hit
)
SELECT kind, id, lon, lat FROM ranked WHERE place = 1
