-- Disputes step by step: how they came in, when the centre had them, when they were resolved and
-- the resident was asked.
-- zh 投诉纠纷办理与回访
--
-- A complaint is handed on once; its end and its return visit are the ones that hold: of one that
-- was reopened those that came after. What was merged into another or withdrawn is not listed: the
-- other one has the steps.
--
-- formula  days = (resolved_at − received_at) / 24 h
-- reads    need, need_event, return_visit
-- param    $from timestamp  received at or after this instant; NULL: since ever  default NULL
-- param    $to   timestamp  received before this instant; NULL: until now  default NULL
-- returns  need_id      Utf8
--          community_id Utf8
--          service_id   Utf8
--          channel      Utf8       phone, window …
--          status       Utf8
--          step         Utf8       the last step taken: received, dispatched, resolved or visited
--          received_at  Timestamp
--          sent_at      Timestamp  handed to whoever handles it
--          resolved_at  Timestamp
--          visited_at   Timestamp  the return visit
--          visitor_role Utf8
--          is_satisfied Boolean
--          days         Decimal    days from receipt to resolution, two places
-- order    received_at, need_id
-- source   S0 (v): dispute → phone → centre → resolved → return visit by branch; S0-F13
WITH event AS (
    SELECT
        e.need_id,
        min(e.at) FILTER (WHERE e.kind = 'dispatched') AS sent_at,
        coalesce(
            min(e.at) FILTER (
                WHERE e.kind IN ('done', 'answered_immediately', 'closed') AND (r.at IS NULL OR e.at > r.at)
            ),
            min(e.at) FILTER (WHERE e.kind = 'replied' AND (r.at IS NULL OR e.at > r.at))
        ) AS resolved_at,
        max(r.at) AS reopened_at
    FROM need_event e
    LEFT JOIN (
        SELECT need_id, max(at) AS at FROM need_event WHERE kind = 'reopened' GROUP BY need_id
    ) r ON r.need_id = e.need_id
    GROUP BY e.need_id
),
visit AS (
    SELECT need_id, at, visitor_role, satisfied
    FROM (
        SELECT
            need_id, at, visitor_role, satisfied,
            row_number() OVER (PARTITION BY need_id ORDER BY at DESC, visit_id DESC) AS place
        FROM return_visit
    )
    WHERE place = 1
)
SELECT
    n.need_id,
    n.community_id,
    n.service_id,
    n.channel,
    coalesce(n.status, 'open') AS status,
    CASE
        WHEN v.at IS NOT NULL THEN 'visited'
        WHEN e.resolved_at IS NOT NULL THEN 'resolved'
        WHEN e.sent_at IS NOT NULL THEN 'dispatched'
        ELSE 'received'
    END AS step,
    n.received_at,
    e.sent_at,
    e.resolved_at,
    v.at AS visited_at,
    v.visitor_role,
    v.satisfied AS is_satisfied,
    CAST(
        round((date_part('epoch', e.resolved_at) - date_part('epoch', n.received_at)) / 86400.0, 2)
        AS DECIMAL(8, 2)
    ) AS days
FROM need n
LEFT JOIN event e ON e.need_id = n.need_id
LEFT JOIN visit v ON v.need_id = n.need_id AND (e.reopened_at IS NULL OR v.at > e.reopened_at)
WHERE n.class = 'complaint'
    AND coalesce(n.status, 'open') NOT IN ('merged', 'withdrawn')
    AND ($from IS NULL OR n.received_at >= $from)
    AND ($to IS NULL OR n.received_at < $to)
ORDER BY n.received_at, n.need_id
