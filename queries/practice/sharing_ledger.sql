-- What each community lists in the sharing pool, what it lent to others and what it borrowed.
-- zh 社区资源共享台账
--
-- Loans are counted, not their units: chairs and hours do not add up. Communities of a district
-- without any resource on file have no row: there nothing is known of sharing.
--
-- reads    pool_resource, pool_loan, community
-- param    $from timestamp  lent at or after this instant; NULL: since ever  default NULL
-- param    $to   timestamp  lent before this instant; NULL: until now  default NULL
-- param    $on   date       resources that are listed on this day; NULL: those without an end  default NULL
-- returns  district_id     Utf8
--          community_id    Utf8
--          listed          Int64  resources of which others may borrow some
--          lent            Int64  loans to other communities
--          lent_for_needs  Int64  those that served a need on file
--          not_returned    Int64  those that have not come back
--          borrowed        Int64  loans from other communities
-- order    district_id, community_id
-- source   S4 (i) resource list and sharing pool; S4-M1
WITH loan AS (
    SELECT
        r.community_id AS owner_id,
        l.community_id AS borrower_id,
        l.need_id IS NOT NULL AS for_need,
        l.returned_at IS NULL AS is_out
    FROM pool_loan l
    JOIN pool_resource r ON r.resource_id = l.resource_id
    WHERE r.community_id <> l.community_id
        AND ($from IS NULL OR l.lent_at >= $from)
        AND ($to IS NULL OR l.lent_at < $to)
),
listed AS (
    SELECT
        community_id,
        count(*) FILTER (WHERE shareable > 0 AND (valid_to IS NULL OR valid_to >= $on)) AS resources
    FROM pool_resource
    GROUP BY community_id
),
lent AS (
    SELECT
        owner_id,
        count(*) AS loans,
        count(*) FILTER (WHERE for_need) AS for_needs,
        count(*) FILTER (WHERE is_out) AS not_returned
    FROM loan
    GROUP BY owner_id
),
borrowed AS (
    SELECT borrower_id, count(*) AS loans FROM loan GROUP BY borrower_id
),
recorded AS (
    SELECT DISTINCT c.district_id FROM listed i JOIN community c ON c.community_id = i.community_id
)
SELECT
    c.district_id,
    c.community_id,
    coalesce(i.resources, 0) AS listed,
    coalesce(t.loans, 0) AS lent,
    coalesce(t.for_needs, 0) AS lent_for_needs,
    coalesce(t.not_returned, 0) AS not_returned,
    coalesce(b.loans, 0) AS borrowed
FROM community c
JOIN recorded d ON d.district_id = c.district_id
LEFT JOIN listed i ON i.community_id = c.community_id
LEFT JOIN lent t ON t.owner_id = c.community_id
LEFT JOIN borrowed b ON b.borrower_id = c.community_id
ORDER BY c.district_id, c.community_id
