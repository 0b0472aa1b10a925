-- How many residents one party member brings along, by community; then over all of them.
-- zh “1+10”效应：党员发动群众
--
-- Visits of pairs are left out: they bring nobody along. Whoever comes twice counts twice, party
-- members and residents alike.
--
-- formula  ratio = participants / party_members
-- reads    activity, community, published_figure
-- param    $month text  such as 2012-09; NULL: all months  default NULL
-- returns  community_id  Utf8     `total` for all of them
--          community     Utf8     its name
--          activities    Int64    with at least one party member
--          party_members Int64    people, each once an activity
--          participants  Int64    people, each once an activity
--          is_reached    Boolean  whether the target is reached; NULL where none was published
--          target        Decimal  residents per party member, as published
--          ratio         Decimal  residents per party member, two places
-- order    community_id, the total last
-- source   S1-F20: 1 member mobilises 10 residents; §6.4 measure 7
WITH held AS (
    SELECT community_id, party_members, coalesce(participants, 0) AS participants
    FROM activity
    WHERE pairing_id IS NULL AND party_members > 0
        AND ($month IS NULL OR substr(CAST(held_on AS VARCHAR), 1, 7) = $month)
),
counted AS (
    SELECT
        community_id,
        is_total,
        count(*) AS activities,
        sum(party_members) AS party_members,
        sum(participants) AS participants
    FROM (
        SELECT community_id, false AS is_total, party_members, participants FROM held
        UNION ALL
        SELECT 'total' AS community_id, true AS is_total, party_members, participants FROM held
    )
    GROUP BY community_id, is_total
),
goal AS (
    SELECT max(point) AS target FROM published_figure WHERE measure = 'residents_per_member'
)
SELECT
    h.community_id,
    c.name AS community,
    h.activities,
    h.party_members,
    h.participants,
    h.participants >= g.target * h.party_members AS is_reached,
    CAST(g.target AS DECIMAL(8, 2)) AS target,
    CAST(round(1.0 * h.participants / h.party_members, 2) AS DECIMAL(8, 2)) AS ratio
FROM counted h
CROSS JOIN goal g
LEFT JOIN community c ON c.community_id = h.community_id
ORDER BY h.is_total, h.community_id
