-- The best single offer that each merchant has for each need (S0-M1, S0-M2: offers do not stack).
-- zh 每个商户对每项需求的最优优惠
--
-- reads    need_occurrence, offer
-- returns  one row per need, occurrence and merchant; pay_ratio 1 where a card is asked for and there is none
-- order    need_id, occurrence_start, provider_id
SELECT need_id, occurrence_start, provider_id, offer_id, pay_ratio, price
FROM (
    SELECT *, row_number() OVER (
            PARTITION BY need_id, occurrence_start, provider_id ORDER BY pay_ratio, price, offer_id
        ) AS place
    FROM (
        SELECT
            n.need_id,
            n.occurrence_start,
            f.merchant_id AS provider_id,
            f.offer_id,
            CASE WHEN coalesce(f.requires_card, false) AND NOT n.has_card THEN 1.0 ELSE coalesce(f.pay_ratio, 1.0) END
                AS pay_ratio,
            f.price
        FROM need_occurrence n
        JOIN offer f ON f.service_id = n.service_id
        WHERE (coalesce(f.audience, '') IN ('', 'all') OR f.audience = n.target_group)
            AND (f.valid_from IS NULL OR f.valid_from <= n.day)
            AND (f.valid_to IS NULL OR f.valid_to >= n.day)
    )
)
WHERE place = 1
ORDER BY need_id, occurrence_start, provider_id
