-- The archive of residents, by card: since when, in what state, what was asked for with it.
-- zh 居民档案：便民服务卡
--
-- The number of a card is text: `000666` keeps its zeros.
--
-- reads    card, need, stock_watch
-- param    $status text  only cards in this state; NULL: all  default NULL
-- returns  card_no      Utf8
--          community_id Utf8
--          issued_on    Date32
--          status       Utf8    active, lost or cancelled
--          needs        Int64   requests with this card
--          open_needs   Int64   of them still open
--          watches      Int64   goods that the holder is to be told of
--          last_at      Timestamp  when the last request came in
-- order    card_no
-- source   S0 (i): 三套档案, the residents; 便民服务卡, carrier 4; S0-F14
WITH asked AS (
    SELECT
        card_no,
        count(*) AS needs,
        -- Those that a match takes for open.
        count(*) FILTER (WHERE coalesce(status, 'open') IN (
            'open', 'received', 'registered', 'classified', 'dispatched', 'transferred', 'escalated', 'reopened'
        )) AS open_needs,
        max(received_at) AS last_at
    FROM need
    WHERE card_no IS NOT NULL
    GROUP BY card_no
),
watched AS (
    SELECT card_no, count(*) AS watches
    FROM stock_watch
    WHERE coalesce(status, 'waiting') IN ('waiting', 'arrived')
    GROUP BY card_no
)
SELECT
    c.card_no,
    c.community_id,
    c.issued_on,
    c.status,
    coalesce(a.needs, 0) AS needs,
    coalesce(a.open_needs, 0) AS open_needs,
    coalesce(w.watches, 0) AS watches,
    a.last_at
FROM card c
LEFT JOIN asked a ON a.card_no = c.card_no
LEFT JOIN watched w ON w.card_no = c.card_no
WHERE $status IS NULL OR c.status = $status
ORDER BY c.card_no
