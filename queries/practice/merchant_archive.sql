-- The archive of merchants: every merchant of the area, whether it joined, and what to watch.
-- zh 商户档案
--
-- One of the three archives; it holds what the tables hold, so the agreement and the seven checks
-- for joining are not in it.
--
-- reads    merchant, merchant_category, membership, organization, offer
-- param    $on      date  the day on which licences are looked at; NULL: they are not  default NULL
-- returns  merchant_id      Utf8
--          name             Utf8
--          category_id      Utf8
--          category         Utf8     the trade in Chinese
--          community_id     Utf8
--          address          Utf8
--          phone            Utf8
--          uscc             Utf8     the credit code of the licence
--          joined_on        Date32
--          is_member        Boolean  whether it is in the alliance: by the register or by its plate
--          has_party_member Boolean  whether a party member of the branch runs it
--          plate_status     Utf8
--          licence_valid_to Date32   the last day of the licence; NULL: none is known
--          is_licence_over  Boolean  whether that day has passed; NULL where it is not known
--          home_visit       Boolean
--          services         Int64    services with an offer
--          offers           Int64
--          capacity_per_day Int64    tasks a day
-- order    category_id, merchant_id
-- source   S0 (i): 三套档案, the member merchants
WITH joined AS (
    SELECT
        m.merchant_id,
        count(*) FILTER (WHERE o.kind = 'alliance') AS alliance,
        count(*) FILTER (WHERE o.kind = 'branch') AS branch
    FROM membership m
    JOIN organization o ON o.organization_id = m.organization_id
    GROUP BY m.merchant_id
),
offered AS (
    SELECT merchant_id, count(DISTINCT service_id) AS services, count(*) AS offers
    FROM offer
    GROUP BY merchant_id
)
SELECT
    m.merchant_id,
    m.name,
    m.category_id,
    c.name_zh AS category,
    m.community_id,
    m.address,
    m.phone,
    m.uscc,
    m.joined_on,
    coalesce(j.alliance, 0) > 0
        OR coalesce(m.plate_status IN ('valid', 'active', 'issued', 'suspended'), false) AS is_member,
    coalesce(j.branch, 0) > 0 AS has_party_member,
    m.plate_status,
    m.licence_valid_to,
    m.licence_valid_to < $on AS is_licence_over,
    coalesce(m.home_visit, false) AS home_visit,
    coalesce(o.services, 0) AS services,
    coalesce(o.offers, 0) AS offers,
    m.capacity_per_day
FROM merchant m
LEFT JOIN merchant_category c ON c.category_id = m.category_id
LEFT JOIN joined j ON j.merchant_id = m.merchant_id
LEFT JOIN offered o ON o.merchant_id = m.merchant_id
ORDER BY m.category_id, m.merchant_id
