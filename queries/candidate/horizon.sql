-- Between which dates the open needs of each district lie.
-- zh 各区县待匹配需求的起止时间
--
-- reads    open_need, the rows of `need.sql`
-- returns  one row per district; first_end of needs that only have an end, last_start of those that only have a beginning
-- order    district_id
SELECT
    district_id,
    min(window_start) AS first_start,
    min(CASE WHEN window_start IS NULL THEN coalesce(window_end, due_at) END) AS first_end,
    max(CASE WHEN coalesce(window_end, due_at) IS NULL THEN window_start END) AS last_start,
    max(window_end) AS last_end,
    max(due_at) AS last_due,
    max(received_at) AS received
FROM open_need
GROUP BY district_id
ORDER BY district_id
