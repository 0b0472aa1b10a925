-- Whether a run's plan is feasible and optimal, from its stored rows alone.
-- zh 匹配方案的可行性与最优性证明
--
-- Weak duality: for any prices u of needs, v of capacities (cumulative: own price plus the
-- parent's), w of pairs, no plan costs less than
--   dual = Σ demand·u + Σ_candidates min(0, cost + v + w − u) − Σ_capacities max(0, v − v_parent)·capacity − Σ w.
-- A plan that costs exactly that is optimal. Candidates that nobody scored count with cost 0,
-- the least a score can make of them. Runs in DuckDB on the Parquet files as it stands.
--
-- reads    candidate, match, unmatched, price
-- param    $run text
-- returns  demand       Int64    units asked for
--          served       Int64    units matched
--          unserved     Int64    units accounted for as unmatched
--          objective    Decimal  Σ cost of matches + Σ penalty of unserved units
--          dual         Decimal  the bound
--          gap          Decimal  objective − dual
--          violations   Int64    broken rules of feasibility, 0 in a sound run
--          finding      Utf8     the first kind of violation, NULL if there is none
--          certified    Boolean  gap = 0 and no violation
-- source   Dantzig 1951; complementary slackness of min-cost flow with laminar capacities
WITH
node AS (
    SELECT c.price_id, c.parent_id, c.quantity, c.price, coalesce(p.price, 0) AS parent_price, p.parent_id AS grandparent_id
    FROM price c
    LEFT JOIN price p ON p.run_id = c.run_id AND p.price_id = c.parent_id AND p.level IN ('slot', 'day', 'week', 'term')
    WHERE c.run_id = $run AND c.level IN ('slot', 'day', 'week', 'term')
),
asked AS (
    SELECT need_id, occurrence_start, quantity, penalty, price FROM price WHERE run_id = $run AND level = 'need'
),
pair AS (
    SELECT need_id, occurrence_start, provider_id, price FROM price WHERE run_id = $run AND level = 'pair'
),
open_candidate AS (
    SELECT c.need_id, c.occurrence_start, c.provider_id, c.slot_id, c.node_id, c.scored, c.cost,
        CASE WHEN c.scored THEN c.cost ELSE 0 END + v.price + coalesce(w.price, 0) - u.price AS reduced
    FROM candidate c
    JOIN node v ON v.price_id = c.node_id
    JOIN asked u ON u.need_id = c.need_id AND u.occurrence_start = c.occurrence_start
    LEFT JOIN pair w ON w.need_id = c.need_id AND w.occurrence_start = c.occurrence_start
        AND w.provider_id = c.provider_id
    WHERE c.run_id = $run AND NOT coalesce(c.vetoed, false)
),
chosen AS (
    SELECT need_id, occurrence_start, provider_id, slot_id, units, cost FROM match WHERE run_id = $run
),
left_over AS (
    SELECT need_id, occurrence_start, units FROM unmatched WHERE run_id = $run
),
load AS (
    SELECT price_id, sum(units) AS units
    FROM (
        SELECT n.price_id, m.units FROM chosen m JOIN node n ON n.price_id = m.slot_id
        UNION ALL
        SELECT n.parent_id, m.units FROM chosen m JOIN node n ON n.price_id = m.slot_id WHERE n.parent_id IS NOT NULL
        UNION ALL
        SELECT n.grandparent_id, m.units FROM chosen m JOIN node n ON n.price_id = m.slot_id
        WHERE n.grandparent_id IS NOT NULL
    ) flow
    GROUP BY price_id
),
account AS (
    SELECT a.need_id, a.quantity, coalesce(m.units, 0) AS served, coalesce(l.units, 0) AS unserved
    FROM asked a
    LEFT JOIN (SELECT need_id, occurrence_start, sum(units) AS units FROM chosen GROUP BY need_id, occurrence_start) m
        ON m.need_id = a.need_id AND m.occurrence_start = a.occurrence_start
    LEFT JOIN left_over l ON l.need_id = a.need_id AND l.occurrence_start = a.occurrence_start
),
violation AS (
    SELECT 'a match is no scored candidate at its cost' AS finding, count(*) AS n
    FROM chosen m
    LEFT JOIN open_candidate c ON c.need_id = m.need_id AND c.occurrence_start = m.occurrence_start
        AND c.provider_id = m.provider_id AND c.slot_id = m.slot_id AND c.scored AND c.cost = m.cost
    WHERE c.need_id IS NULL OR m.units <> 1
    UNION ALL
    SELECT 'a provider serves one need twice', count(*)
    FROM (
        SELECT need_id FROM chosen GROUP BY need_id, occurrence_start, provider_id HAVING sum(units) > 1
    ) twice
    UNION ALL
    SELECT 'demand is not accounted for', count(*) FROM account WHERE quantity <> served + unserved
    UNION ALL
    SELECT 'a capacity is exceeded', count(*)
    FROM node n JOIN load l ON l.price_id = n.price_id WHERE l.units > n.quantity
    UNION ALL
    SELECT 'a price rises toward the root', count(*) FROM node WHERE price < parent_price
    UNION ALL
    SELECT 'a need costs more than leaving it', count(*) FROM asked WHERE price > penalty
    UNION ALL
    SELECT 'a pair has a negative price', count(*) FROM pair WHERE price < 0
),
total AS (
    SELECT
        (SELECT coalesce(sum(quantity), 0) FROM asked) AS demand,
        (SELECT coalesce(sum(units), 0) FROM chosen) AS served,
        (SELECT coalesce(sum(units), 0) FROM left_over) AS unserved,
        (SELECT coalesce(sum(CAST(cost AS DECIMAL(38, 0))), 0) FROM chosen)
            + (SELECT coalesce(sum(CAST(l.units AS DECIMAL(19, 0)) * CAST(a.penalty AS DECIMAL(19, 0))), 0)
               FROM left_over l
               JOIN asked a ON a.need_id = l.need_id AND a.occurrence_start = l.occurrence_start) AS objective,
        (SELECT coalesce(sum(CAST(quantity AS DECIMAL(19, 0)) * CAST(price AS DECIMAL(19, 0))), 0) FROM asked)
            + (SELECT coalesce(sum(CAST(reduced AS DECIMAL(38, 0))), 0) FROM open_candidate WHERE reduced < 0)
            - (SELECT coalesce(sum(CAST(quantity AS DECIMAL(19, 0)) * CAST(price - parent_price AS DECIMAL(19, 0))), 0)
               FROM node WHERE price > parent_price)
            - (SELECT coalesce(sum(CAST(price AS DECIMAL(38, 0))), 0) FROM pair) AS dual,
        (SELECT coalesce(sum(n), 0) FROM violation) AS violations,
        (SELECT min(finding) FROM violation WHERE n > 0) AS finding
)
SELECT
    demand,
    served,
    unserved,
    CAST(objective AS DECIMAL(38, 0)) AS objective,
    CAST(dual AS DECIMAL(38, 0)) AS dual,
    CAST(objective - dual AS DECIMAL(38, 0)) AS gap,
    violations,
    finding,
    objective = dual AND violations = 0 AS certified
FROM total
