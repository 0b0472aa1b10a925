-- Pairs of names within one place that may mean one place, until somebody has said whether they do.
-- zh 疑似同一地名：待核对
--
-- Two places of one level are a pair where a name of one, without 街道, 社区 and the like, stands
-- within a name of the other. Nothing is merged: `review` of both says what was found out.
--
-- reads    place
-- returns  parent_id    Utf8     the place in which both lie
--          level        Utf8
--          place_id     Utf8     the one with the shorter name
--          name         Utf8
--          other_id     Utf8
--          other_name   Utf8
--          is_waiting   Boolean  whether both were marked for review already
-- order    parent_id, level, place_id, other_id
-- source   S1: 太慈/太慈桥 and 新华/新华路 in one text
WITH called AS (
    SELECT place_id, name, name AS called FROM place
    UNION ALL
    SELECT place_id, name, unnest(aliases) AS called FROM place
),
core AS (
    SELECT
        c.place_id,
        c.name,
        p.parent_id,
        p.level,
        p.review,
        CASE
            WHEN ends_with(c.called, '居民区') THEN left(c.called, character_length(c.called) - 3)
            WHEN ends_with(c.called, '街道') OR ends_with(c.called, '社区') OR ends_with(c.called, '居委')
                THEN left(c.called, character_length(c.called) - 2)
            WHEN ends_with(c.called, '镇') OR ends_with(c.called, '乡') OR ends_with(c.called, '村')
                THEN left(c.called, character_length(c.called) - 1)
            ELSE c.called
        END AS word
    FROM called c
    JOIN place p ON p.place_id = c.place_id
    -- What was merged into another is settled.
    WHERE p.merged_into IS NULL
)
SELECT DISTINCT
    a.parent_id,
    a.level,
    a.place_id,
    a.name,
    b.place_id AS other_id,
    b.name AS other_name,
    a.review = 'waiting' AND b.review = 'waiting' AS is_waiting
FROM core a
JOIN core b ON b.parent_id = a.parent_id AND b.level = a.level AND b.place_id <> a.place_id
WHERE character_length(a.word) >= 2
    AND strpos(b.word, a.word) > 0
    -- Of two equal names the first by id stands first.
    AND (a.word <> b.word OR a.place_id < b.place_id)
    AND NOT (a.review IN ('same', 'different') AND b.review IN ('same', 'different'))
ORDER BY a.parent_id, a.level, a.place_id, other_id
