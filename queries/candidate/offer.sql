-- The best single offer of each merchant on each day of the horizon (S0-M1, S0-M2: offers do not stack).
-- zh 每个商户每日的最优优惠
--
-- Which offer is best depends on a need by its service, the resident's group and the card only.
--
-- reads    need_occurrence, horizon_day, offer
-- returns  one row per service, group, card, day and merchant; pay_ratio 1 where a card is asked for and there is none
-- order    service_id, target_group, has_card, day, provider_id
SELECT service_id, target_group, has_card, day, provider_id, offer_id, pay_ratio, price
FROM (
    SELECT *, row_number() OVER (
            PARTITION BY service_id, target_group, has_card, day, provider_id ORDER BY pay_ratio, price, offer_id
        ) AS place
    FROM (
        SELECT
            n.service_id,
            n.target_group,
            n.has_card,
            d.day,
            f.merchant_id AS provider_id,
            f.offer_id,
            CASE WHEN coalesce(f.requires_card, false) AND NOT n.has_card THEN 1.0 ELSE coalesce(f.pay_ratio, 1.0) END
                AS pay_ratio,
            f.price
        FROM (
            SELECT DISTINCT service_id, coalesce(target_group, '') AS target_group, has_card FROM need_occurrence
        ) n
        JOIN offer f ON f.service_id = n.service_id
        CROSS JOIN horizon_day d
        WHERE (coalesce(f.audience, '') IN ('', 'all') OR f.audience = n.target_group)
            AND (f.valid_from IS NULL OR f.valid_from <= d.day)
            AND (f.valid_to IS NULL OR f.valid_to >= d.day)
    )
)
WHERE place = 1
ORDER BY service_id, target_group, has_card, day, provider_id
