-- The convenience handbook: which merchants with their plate do what, for whom at what price, when.
-- zh 便民服务手册：商户目录
--
-- A line is a service of a merchant; a merchant whose offers have all ended keeps a line without
-- service. What merchants give each other is not for residents. On a day a merchant needs its
-- licence as well.
--
-- formula  card_yuan = price × pay_ratio, the least over the offers for all that ask for the card
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
--          address         Utf8
--          phone           Utf8
--          plate_status    Utf8
--          pay_ratio       Decimal  share that everybody pays without a card
--          special         Utf8     the share of groups, `+card` where it takes one: `lonely_elder 0.50`
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
    SELECT
        merchant_id,
        service_id,
        audience,
        pay_ratio,
        price,
        coalesce(audience, 'all') = 'all' AS for_all,
        coalesce(requires_card, false) AS asks_card
    FROM offer
    WHERE coalesce(audience, 'all') <> 'merchant'
        AND (valid_to IS NULL OR valid_to >= $on)
        AND ($on IS NULL OR valid_from IS NULL OR valid_from <= $on)
),
menu AS (
    SELECT
        merchant_id,
        service_id,
        min(coalesce(pay_ratio, 1.0)) FILTER (WHERE for_all AND NOT asks_card) AS pay_ratio,
        min(pay_ratio) FILTER (WHERE for_all AND asks_card) AS card_pay_ratio,
        min(round(price * coalesce(pay_ratio, 1.0), 2)) FILTER (WHERE for_all AND asks_card) AS card_yuan,
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
            audience || CASE WHEN asks_card THEN '+card ' ELSE ' ' END
                || CAST(CAST(min(coalesce(pay_ratio, 1.0)) AS DECIMAL(5, 2)) AS VARCHAR) AS line
        FROM valid
        WHERE NOT for_all
        GROUP BY merchant_id, service_id, audience, asks_card
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
    m.address,
    m.phone,
    m.plate_status,
    CAST(u.pay_ratio AS DECIMAL(5, 2)) AS pay_ratio,
    p.special,
    CAST(u.card_pay_ratio AS DECIMAL(5, 2)) AS card_pay_ratio,
    CAST(u.price AS DECIMAL(12, 2)) AS price_yuan,
    CAST(u.card_yuan AS DECIMAL(12, 2)) AS card_yuan
FROM merchant m
LEFT JOIN merchant_category c ON c.category_id = m.category_id
LEFT JOIN menu u ON u.merchant_id = m.merchant_id
LEFT JOIN special p ON p.merchant_id = u.merchant_id AND p.service_id = u.service_id
LEFT JOIN service s ON s.service_id = u.service_id
LEFT JOIN hours h ON h.provider_id = m.merchant_id
WHERE m.plate_status IN ('valid', 'active', 'issued')
    AND ($on IS NULL OR m.licence_valid_to IS NULL OR m.licence_valid_to >= $on)
    AND ($category IS NULL OR m.category_id = $category)
ORDER BY m.category_id, m.merchant_id, u.service_id
