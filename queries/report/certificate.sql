-- Whether a run's plan is feasible and optimal, from its stored rows alone.
-- zh 匹配方案的可行性与最优性证明
--
-- Weak duality: for any prices u of needs, v of capacities (cumulative: own price plus the
-- parent's), w of pairs, no plan costs less than
--   dual = Σ demand·u + Σ_candidates min(0, cost + v + w − u) − Σ_capacities (v − v_parent)·capacity − Σ w,
-- as long as u is at most the penalty, v falls toward the root and is nowhere negative, nor is w.
-- A plan that costs exactly that is optimal. Candidates that nobody scored count with cost 0, the
-- least a score can make of them. Quantities up to 2^31 and prices up to 2^56 are let pass, so
-- that no sum over all rows of a run leaves its type. A row that names another one which is not there breaks a rule
-- instead of being passed over. Runs in DuckDB as it stands, where a table without rows, which
-- has no Parquet file, is declared empty.
--
-- reads    run, candidate, match, unmatched, price
-- param    $run text
-- returns  demand       Int64    units asked for
--          served       Int64    units matched
--          unserved     Int64    units accounted for as unmatched
--          objective    Decimal  Σ cost of matches + Σ penalty of unserved units
--          dual         Decimal  the bound
--          gap          Decimal  objective − dual
--          violations   Int64    broken rules, 0 in a sound run
--          finding      Utf8     the first rule that is broken, NULL if none is
--          certified    Boolean  gap = 0 and no violation
-- source   Dantzig 1951; complementary slackness of min-cost flow with laminar capacities
WITH
entry AS (
    SELECT level, price_id, parent_id, need_id, occurrence_start, provider_id, quantity, penalty, price,
        -- A capacity is part of wider ones only: nothing goes in circles, at most three lie above.
        CASE level WHEN 'slot' THEN 1 WHEN 'day' THEN 2 WHEN 'week' THEN 3 WHEN 'term' THEN 4 ELSE 0 END AS width
    FROM price
    WHERE run_id = $run
),
capacity AS (
    SELECT c.price_id, c.parent_id, c.width, c.quantity, c.price, p.width AS parent_width,
        CASE WHEN c.parent_id IS NULL THEN 0 ELSE p.price END AS parent_price,
        p.parent_id AS second_id, s.parent_id AS third_id
    FROM entry c
    LEFT JOIN entry p ON p.price_id = c.parent_id AND p.width > 0
    LEFT JOIN entry s ON s.price_id = p.parent_id AND s.width > 0
    WHERE c.width > 0
),
asked AS (
    SELECT need_id, occurrence_start, quantity, penalty, price FROM entry WHERE level = 'need'
),
offered AS (
    SELECT u.need_id AS known_need, v.price_id AS known_capacity,
        CASE WHEN c.scored THEN c.cost ELSE 0 END AS cost,
        CASE WHEN c.scored THEN c.cost ELSE 0 END + v.price + coalesce(w.price, 0) - u.price AS reduced
    FROM candidate c
    LEFT JOIN entry v ON v.price_id = c.node_id AND v.width > 0
    LEFT JOIN asked u ON u.need_id = c.need_id AND u.occurrence_start = c.occurrence_start
    LEFT JOIN entry w ON w.need_id = c.need_id AND w.occurrence_start = c.occurrence_start
        AND w.provider_id = c.provider_id AND w.level = 'pair'
    WHERE c.run_id = $run AND NOT coalesce(c.vetoed, false)
),
chosen AS (
    SELECT need_id, occurrence_start, provider_id, slot_id, cost, sum(units) AS units, count(*) AS copies
    FROM match
    WHERE run_id = $run
    GROUP BY need_id, occurrence_start, provider_id, slot_id, cost
),
placed AS (
    SELECT m.need_id, m.occurrence_start, m.units, m.copies, m.cost, min(c.node_id) AS node_id,
        count(c.need_id) AS named,
        count(c.need_id) FILTER (WHERE c.scored AND NOT coalesce(c.vetoed, false) AND c.cost = m.cost) AS fitting
    FROM chosen m
    LEFT JOIN (SELECT * FROM candidate WHERE run_id = $run) c ON c.need_id = m.need_id
        AND c.occurrence_start = m.occurrence_start AND c.provider_id = m.provider_id AND c.slot_id = m.slot_id
    GROUP BY m.need_id, m.occurrence_start, m.provider_id, m.slot_id, m.units, m.copies, m.cost
),
left_over AS (
    SELECT need_id, occurrence_start, sum(units) AS units, count(*) AS copies
    FROM unmatched
    WHERE run_id = $run
    GROUP BY need_id, occurrence_start
),
flow AS (
    SELECT price_id, sum(units) AS units
    FROM (
        SELECT unnest([n.price_id, n.parent_id, n.second_id, n.third_id]) AS price_id, m.units
        FROM placed m
        LEFT JOIN capacity n ON n.price_id = m.node_id
    ) crossed
    WHERE price_id IS NOT NULL
    GROUP BY price_id
),
of_run AS (
    SELECT CASE WHEN count(*) = 1 THEN 0 ELSE 1 END AS runs_missing FROM run WHERE run_id = $run
),
of_entries AS (
    SELECT
        count(*) FILTER (WHERE copies > 1) AS entries_twice,
        count(*) FILTER (WHERE kind IS NULL) AS entries_unknown
    FROM (
        SELECT
            CASE WHEN width > 0 THEN 'capacity' WHEN level IN ('need', 'pair') THEN level END AS kind,
            CASE WHEN width > 0 THEN price_id END AS capacity_id,
            CASE WHEN width = 0 THEN need_id END AS need_id,
            CASE WHEN width = 0 THEN occurrence_start END AS occurrence_start,
            CASE WHEN level = 'pair' THEN provider_id END AS provider_id,
            count(*) AS copies
        FROM entry
        GROUP BY 1, 2, 3, 4, 5
    ) things
),
of_capacities AS (
    SELECT
        coalesce(sum(CAST(n.quantity AS DECIMAL(19, 0)) * CAST(n.price - n.parent_price AS DECIMAL(19, 0))), 0) AS rent,
        count(*) FILTER (
            WHERE NOT coalesce(n.quantity BETWEEN 0 AND 2147483648 AND n.price BETWEEN 0 AND 72057594037927936, false)
        ) AS capacities_unsound,
        count(*) FILTER (WHERE n.parent_id IS NOT NULL AND n.parent_width IS NULL) AS parents_missing,
        count(*) FILTER (WHERE n.parent_width <= n.width) AS parents_narrow,
        count(*) FILTER (WHERE n.price < n.parent_price) AS prices_rising,
        count(*) FILTER (WHERE f.units > n.quantity) AS capacities_exceeded
    FROM capacity n
    LEFT JOIN flow f ON f.price_id = n.price_id
),
of_needs AS (
    SELECT
        coalesce(sum(a.quantity), 0) AS demand,
        coalesce(sum(CAST(a.quantity AS DECIMAL(19, 0)) * CAST(a.price AS DECIMAL(19, 0))), 0) AS worth,
        count(*) FILTER (
            WHERE NOT coalesce(a.quantity BETWEEN 1 AND 2147483648 AND a.penalty BETWEEN 0 AND 72057594037927936
                AND a.price BETWEEN -72057594037927936 AND 72057594037927936, false)
        ) AS needs_unsound,
        count(*) FILTER (WHERE a.price > a.penalty) AS needs_dear,
        count(*) FILTER (WHERE a.quantity <> coalesce(m.units, 0) + coalesce(l.units, 0)) AS needs_unaccounted,
        coalesce(sum(m.repeated), 0) AS providers_twice
    FROM asked a
    LEFT JOIN (
        SELECT need_id, occurrence_start, sum(units) AS units, count(*) - count(DISTINCT provider_id) AS repeated
        FROM chosen
        GROUP BY need_id, occurrence_start
    ) m ON m.need_id = a.need_id AND m.occurrence_start = a.occurrence_start
    LEFT JOIN left_over l ON l.need_id = a.need_id AND l.occurrence_start = a.occurrence_start
),
of_pairs AS (
    SELECT
        coalesce(sum(CAST(price AS DECIMAL(38, 0))), 0) AS toll,
        count(*) FILTER (WHERE NOT coalesce(price BETWEEN 0 AND 72057594037927936, false)) AS pairs_unsound
    FROM entry
    WHERE level = 'pair'
),
of_candidates AS (
    SELECT
        coalesce(sum(CAST(reduced AS DECIMAL(38, 0))) FILTER (WHERE reduced < 0), 0) AS shortfall,
        count(*) FILTER (WHERE known_need IS NULL) AS candidates_needless,
        count(*) FILTER (WHERE known_capacity IS NULL) AS candidates_nowhere,
        count(*) FILTER (WHERE NOT coalesce(cost BETWEEN 0 AND 72057594037927936, false)) AS candidates_unsound
    FROM offered
),
of_matches AS (
    SELECT
        coalesce(sum(m.units), 0) AS served,
        coalesce(sum(CAST(m.cost AS DECIMAL(38, 0))), 0) AS cost,
        count(*) FILTER (WHERE u.need_id IS NULL) AS matches_needless,
        count(*) FILTER (WHERE m.named <> 1 OR m.fitting <> 1) AS matches_unknown,
        count(*) FILTER (WHERE m.copies <> 1 OR coalesce(m.units, 0) <> 1) AS matches_unsound
    FROM placed m
    LEFT JOIN asked u ON u.need_id = m.need_id AND u.occurrence_start = m.occurrence_start
),
of_unmatched AS (
    SELECT
        coalesce(sum(l.units), 0) AS unserved,
        coalesce(sum(CAST(l.units AS DECIMAL(19, 0)) * CAST(u.penalty AS DECIMAL(19, 0))), 0) AS loss,
        count(*) FILTER (WHERE u.need_id IS NULL) AS unmatched_needless,
        count(*) FILTER (
            WHERE l.copies <> 1 OR NOT coalesce(l.units BETWEEN 1 AND 2147483648, false)
        ) AS unmatched_unsound
    FROM left_over l
    LEFT JOIN asked u ON u.need_id = l.need_id AND u.occurrence_start = l.occurrence_start
),
verdict AS (
    SELECT demand, served, unserved,
        cost + loss AS objective,
        worth + shortfall - rent - toll AS dual,
        runs_missing + entries_twice + entries_unknown + capacities_unsound + parents_missing + parents_narrow + prices_rising
            + needs_unsound + needs_dear + pairs_unsound + candidates_needless + candidates_nowhere
            + candidates_unsound + matches_needless + matches_unknown + matches_unsound + providers_twice
            + unmatched_needless + unmatched_unsound + needs_unaccounted + capacities_exceeded AS violations,
        CASE
            WHEN runs_missing > 0 THEN 'there is no such run, or it is there twice'
            WHEN entries_twice > 0 THEN 'one thing has two prices'
            WHEN entries_unknown > 0 THEN 'a price is of no known level'
            WHEN capacities_unsound > 0 THEN 'a capacity lacks its size or price, or one is out of bounds'
            WHEN parents_missing > 0 THEN 'a capacity is part of one that is not there'
            WHEN parents_narrow > 0 THEN 'a capacity is part of one that is no wider'
            WHEN prices_rising > 0 THEN 'a price rises toward the root'
            WHEN needs_unsound > 0 THEN 'a need lacks its demand, penalty or price, or one is out of bounds'
            WHEN needs_dear > 0 THEN 'a need costs more than leaving it'
            WHEN pairs_unsound > 0 THEN 'a pair lacks its price, or it is out of bounds'
            WHEN candidates_needless > 0 THEN 'a candidate is for a need that is not there'
            WHEN candidates_nowhere > 0 THEN 'a candidate takes a capacity that is not there'
            WHEN candidates_unsound > 0 THEN 'a scored candidate lacks its cost, or it is out of bounds'
            WHEN matches_needless > 0 THEN 'a match is for a need that is not there'
            WHEN matches_unknown > 0 THEN 'a match is no scored candidate at its cost'
            WHEN matches_unsound > 0 THEN 'a match is not one unit'
            WHEN providers_twice > 0 THEN 'a provider serves one need twice'
            WHEN unmatched_needless > 0 THEN 'units are unserved of a need that is not there'
            WHEN unmatched_unsound > 0 THEN 'unserved units are named twice, or are none'
            WHEN needs_unaccounted > 0 THEN 'demand is not accounted for'
            WHEN capacities_exceeded > 0 THEN 'a capacity is exceeded'
        END AS finding
    FROM of_run
    CROSS JOIN of_entries
    CROSS JOIN of_capacities
    CROSS JOIN of_needs
    CROSS JOIN of_pairs
    CROSS JOIN of_candidates
    CROSS JOIN of_matches
    CROSS JOIN of_unmatched
)
SELECT
    CAST(demand AS BIGINT) AS demand,
    CAST(served AS BIGINT) AS served,
    CAST(unserved AS BIGINT) AS unserved,
    CAST(objective AS DECIMAL(38, 0)) AS objective,
    CAST(dual AS DECIMAL(38, 0)) AS dual,
    CAST(objective - dual AS DECIMAL(38, 0)) AS gap,
    CAST(violations AS BIGINT) AS violations,
    finding,
    objective = dual AND violations = 0 AS certified
FROM verdict
