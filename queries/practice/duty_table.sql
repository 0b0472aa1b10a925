-- Who is on duty, hour by hour of the week, and the hours at which nobody is.
-- zh 值班表：全天候覆盖与空缺
--
-- An hour is covered by a shift that lasts through all of it. Shifts that come back every day or
-- on days of every week are read; any other rule covers nothing here, so that a doubtful hour
-- shows as a gap.
--
-- reads    duty_shift, channel
-- param    $channel text  the kind of channel that is answered  default hotline
-- param    $on      date  shifts that have begun by this day; NULL: all  default NULL
-- returns  weekday    Utf8     MO to SU
--          hour       Int64    0 to 23, local
--          volunteers Utf8     who is on duty
--          channels   Utf8     on which telephones
--          is_gap     Boolean  nobody is on duty
--          on_duty    Int64    people
-- order    the days from Monday, hour
-- source   S3-F07, S3-F08: 6 social workers, 6 telephones on 24 h; S3-M3
-- The hours of the week, from Monday 00:00.
WITH slot AS (
    SELECT CAST(unnest(range(0, 168)) AS BIGINT) AS slot
),
day AS (
    SELECT column1 AS day, column2 AS code
    FROM (VALUES (0, 'MO'), (1, 'TU'), (2, 'WE'), (3, 'TH'), (4, 'FR'), (5, 'SA'), (6, 'SU'))
),
shift AS (
    SELECT
        s.shift_id,
        s.volunteer_id,
        s.channel_id,
        s.rrule,
        60 * CAST(date_part('hour', s.start) AS BIGINT) + CAST(date_part('minute', s.start) AS BIGINT) AS starts,
        CAST((date_part('epoch', s."end") - date_part('epoch', s.start)) / 60 AS BIGINT) AS minutes
    FROM duty_shift s
    JOIN channel c ON c.channel_id = s.channel_id
    LEFT JOIN channel p ON p.channel_id = c.parent_id
    WHERE (c.kind = $channel OR p.kind = $channel)
        AND ($on IS NULL OR substr(CAST(s.start AS VARCHAR), 1, 10) <= CAST($on AS VARCHAR))
        AND (s.rrule = 'FREQ=DAILY' OR regexp_like(s.rrule, '^FREQ=WEEKLY;BYDAY=[A-Z]{2}(,[A-Z]{2})*$'))
),
-- Minutes of the week at which each shift begins.
begun AS (
    SELECT s.shift_id, s.volunteer_id, s.channel_id, 1440 * d.day + s.starts AS starts, s.minutes
    FROM shift s
    JOIN day d ON s.rrule = 'FREQ=DAILY' OR strpos(substr(s.rrule, 19), d.code) > 0
),
-- What begins on Sunday evening reaches into Monday.
covered AS (
    SELECT DISTINCT h.slot, b.volunteer_id, b.channel_id
    FROM slot h
    JOIN begun b ON (60 * h.slot >= b.starts AND 60 * h.slot + 60 <= b.starts + b.minutes)
        OR (60 * h.slot + 10080 >= b.starts AND 60 * h.slot + 10140 <= b.starts + b.minutes)
),
listed AS (
    SELECT
        slot,
        array_to_string(array_agg(DISTINCT volunteer_id ORDER BY volunteer_id), ';') AS volunteers,
        array_to_string(array_agg(DISTINCT channel_id ORDER BY channel_id), ';') AS channels,
        count(DISTINCT volunteer_id) AS on_duty
    FROM covered
    GROUP BY slot
)
SELECT
    d.code AS weekday,
    h.slot % 24 AS hour,
    l.volunteers,
    l.channels,
    l.slot IS NULL AS is_gap,
    coalesce(l.on_duty, 0) AS on_duty
FROM slot h
JOIN day d ON d.day = h.slot / 24
LEFT JOIN listed l ON l.slot = h.slot
ORDER BY h.slot
