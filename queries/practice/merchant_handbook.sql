-- The convenience handbook: which merchants with a valid plate do what, for whom at what price, when.
-- zh 便民服务手册：商户目录
--
-- A line is a service of a merchant; a merchant whose offers have all ended keeps a line without
-- service. What merchants give each other is not for residents.
--
-- formula  card_yuan = price × pay_ratio of the offer that asks for the card
-- reads    merchant, merchant_category, offer, service, availability
-- param    $category text  only this trade; NULL: all  default NULL
-- param    $on       date  offers that hold on this day; NULL: offers without an end  default NULL
-- returns  category_id     Utf8
--          category        Utf8     the trade in Chinese
--          merchant_id     Utf8
--          name            Utf8
--          service_id      Utf8
--          service         Utf8     in Chinese
--          home_visit      Boolean  whether somebody comes to the home
--          hours           Utf8     local, such as `daily 09:00-17:00`; empty: at any time
--          plate_status    Utf8
--          special         Utf8     who pays less without a card, and which part: `lonely_elder 0.50`
--          card_pay_ratio  Decimal  share to pay with the card
--          price_yuan      Decimal  yuan
--          card_yuan       Decimal  yuan
-- order    category_id, merchant_id, service_id
-- source   S0 (i): 《社区便民服务手册》, carrier 3; S0-M1, S0-M2, S0-M4
WITH slot AS (
    SELECT
        provider_id,
        CASE
            WHEN coalesce(rrule, '') = '' THEN substr(CAST(start AS VARCHAR), 1, 10)
            WHEN rrule = 'FREQ=DAILY' THEN 'daily'
            ELSE split_part(split_part(rrule, 'BYDAY=', 2), ';', 1)
        END || ' ' || substr(CAST(start AS VARCHAR), 12, 5) || '-' || substr(CAST("end" AS VARCHAR), 12, 5)
            AS slot
    FROM availability
),
hours AS (
    SELECT provider_id, array_to_string(array_agg(slot ORDER BY slot), '; ') AS hours
    FROM slot
    GROUP BY provider_id
),
valid AS (
    SELECT merchant_id, service_id, audience, pay_ratio, price, coalesce(requires_card, false) AS asks_card
    FROM offer
    WHERE coalesce(audience, 'all') <> 'merchant'
        AND (valid_to IS NULL OR valid_to >= $on)
        AND ($on IS NULL OR valid_from IS NULL OR valid_from <= $on)
),
menu AS (
    SELECT
        merchant_id,
        service_id,
        min(pay_ratio) FILTER (WHERE asks_card AND coalesce(audience, 'all') = 'all') AS card_pay_ratio,
        max(price) AS price
    FROM valid
    GROUP BY merchant_id, service_id
),
special AS (
    SELECT merchant_id, service_id, array_to_string(array_agg(line ORDER BY line), '; ') AS special
    FROM (
        SELECT
            merchant_id,
            service_id,
            audience || ' ' || CAST(CAST(min(pay_ratio) AS DECIMAL(5, 2)) AS VARCHAR) AS line
        FROM valid
        WHERE coalesce(audience, 'all') <> 'all' AND NOT asks_card
        GROUP BY merchant_id, service_id, audience
    )
    GROUP BY merchant_id, service_id
)
SELECT
    m.category_id,
    c.name_zh AS category,
    m.merchant_id,
    m.name,
    u.service_id,
    s.name_zh AS service,
    coalesce(m.home_visit, false) AS home_visit,
    h.hours,
    m.plate_status,
    p.special,
    CAST(u.card_pay_ratio AS DECIMAL(5, 2)) AS card_pay_ratio,
    CAST(u.price AS DECIMAL(12, 2)) AS price_yuan,
    CAST(round(u.price * u.card_pay_ratio, 2) AS DECIMAL(12, 2)) AS card_yuan
FROM merchant m
LEFT JOIN merchant_category c ON c.category_id = m.category_id
LEFT JOIN menu u ON u.merchant_id = m.merchant_id
LEFT JOIN special p ON p.merchant_id = u.merchant_id AND p.service_id = u.service_id
LEFT JOIN service s ON s.service_id = u.service_id
LEFT JOIN hours h ON h.provider_id = m.merchant_id
WHERE m.plate_status = 'valid' AND ($category IS NULL OR m.category_id = $category)
ORDER BY m.category_id, m.merchant_id, u.service_id
