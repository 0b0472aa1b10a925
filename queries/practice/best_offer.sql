-- The best single offer for each service: for everybody and for each group, with a card and without.
-- zh 单项最优优惠：按服务、人群与是否持卡
--
-- Somebody of a group may take what is for all as well. Offers do not add up: 95折 on top of 半价
-- was not published. The least to pay wins, then the least share, then the first merchant. A merchant
-- needs its plate, and on a day its licence.
--
-- formula  to_pay = price × pay_ratio
-- reads    offer, merchant, service
-- param    $service text  only this service; NULL: all  default NULL
-- param    $on      date  offers that hold on this day; NULL: offers without an end  default NULL
-- returns  service_id    Utf8
--          service       Utf8     in Chinese
--          audience      Utf8     `all`, or the group, such as lonely_elder
--          has_card      Boolean
--          offer_id      Utf8
--          merchant_id   Utf8
--          kind          Utf8     of the offer
--          choices       Int64    offers to choose from
--          equals        Int64    merchants at which as little is paid
--          pay_ratio     Decimal  share to pay
--          price_yuan    Decimal  yuan
--          to_pay_yuan   Decimal  yuan
-- order    service_id, audience, has_card
-- source   S0-M1, S0-M2: the best single offer, S0-M6
WITH valid AS (
    SELECT
        o.offer_id,
        o.merchant_id,
        o.service_id,
        coalesce(o.audience, 'all') AS audience,
        o.kind,
        coalesce(o.requires_card, false) AS asks_card,
        coalesce(o.pay_ratio, 1.0) AS pay_ratio,
        o.price,
        round(o.price * coalesce(o.pay_ratio, 1.0), 2) AS to_pay
    FROM offer o
    JOIN merchant m ON m.merchant_id = o.merchant_id
    WHERE m.plate_status IN ('valid', 'active', 'issued')
        AND ($on IS NULL OR m.licence_valid_to IS NULL OR m.licence_valid_to >= $on)
        AND (o.valid_to IS NULL OR o.valid_to >= $on)
        AND ($on IS NULL OR o.valid_from IS NULL OR o.valid_from <= $on)
        AND ($service IS NULL OR o.service_id = $service)
),
person AS (
    SELECT a.service_id, a.audience, c.has_card
    FROM (SELECT DISTINCT service_id, audience FROM valid) a
    CROSS JOIN (SELECT false AS has_card UNION ALL SELECT true) c
),
ranked AS (
    SELECT
        p.service_id,
        p.audience,
        p.has_card,
        v.offer_id,
        v.merchant_id,
        v.kind,
        v.pay_ratio,
        v.price,
        v.to_pay,
        count(*) OVER (PARTITION BY p.service_id, p.audience, p.has_card) AS choices,
        row_number() OVER (
            PARTITION BY p.service_id, p.audience, p.has_card
            ORDER BY v.to_pay NULLS LAST, v.pay_ratio, v.merchant_id, v.offer_id
        ) AS place
    FROM person p
    JOIN valid v ON v.service_id = p.service_id
        AND v.audience IN ('all', p.audience)
        AND (p.has_card OR NOT v.asks_card)
),
-- Merchants at which as little is paid: where the price is unknown, at which the share is as small.
equal AS (
    SELECT b.service_id, b.audience, b.has_card, count(DISTINCT r.merchant_id) AS equals
    FROM ranked b
    JOIN ranked r ON r.service_id = b.service_id AND r.audience = b.audience AND r.has_card = b.has_card
        AND (r.to_pay = b.to_pay OR (r.to_pay IS NULL AND b.to_pay IS NULL AND r.pay_ratio = b.pay_ratio))
    WHERE b.place = 1
    GROUP BY b.service_id, b.audience, b.has_card
)
SELECT
    r.service_id,
    s.name_zh AS service,
    r.audience,
    r.has_card,
    r.offer_id,
    r.merchant_id,
    r.kind,
    r.choices,
    e.equals,
    CAST(r.pay_ratio AS DECIMAL(5, 2)) AS pay_ratio,
    CAST(r.price AS DECIMAL(12, 2)) AS price_yuan,
    CAST(r.to_pay AS DECIMAL(12, 2)) AS to_pay_yuan
FROM ranked r
JOIN equal e ON e.service_id = r.service_id AND e.audience = r.audience AND e.has_card = r.has_card
LEFT JOIN service s ON s.service_id = r.service_id
WHERE r.place = 1
ORDER BY r.service_id, r.audience, r.has_card
