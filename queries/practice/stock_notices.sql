-- Notices of arrival to send: the goods are there, and whoever waits has not been told yet.
-- zh 来货通知：待通知
--
-- What the goods are is not shown, because a medicine tells an illness: the shop finds them under
-- the number of the watch.
--
-- reads    stock_watch, merchant, card
-- returns  watch_id     Utf8
--          card_no      Utf8     of whoever waits
--          channel      Utf8     how to tell: phone, or a visit for those who do not hear well
--          merchant_id  Utf8     who has the goods
--          name         Utf8     of the merchant
--          is_card_good Boolean  whether the card still holds, so that the discount applies
--          arrived_at   Timestamp
-- order    arrived_at, watch_id
-- source   S0-M3; S0 (i): 来货通知
SELECT
    w.watch_id,
    w.card_no,
    w.channel,
    w.merchant_id,
    m.name,
    coalesce(c.status = 'active', false) AS is_card_good,
    w.arrived_at
FROM stock_watch w
LEFT JOIN merchant m ON m.merchant_id = w.merchant_id
LEFT JOIN card c ON c.card_no = w.card_no
WHERE w.status = 'arrived'
ORDER BY w.arrived_at, w.watch_id
