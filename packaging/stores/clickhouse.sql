-- SPDX-License-Identifier: Apache-2.0
-- The table that the format clickhouse writes to (docs/FORMATS.md). ClickHouse 22.6 or newer.
--
-- Doubled inserts: a server that is not replicated drops an insert whose token it has
-- seen among the last 10,000 (non_replicated_deduplication_window); the token is the query
-- parameter insert_deduplication_token. Without one, the hash of the rows stands for it:
-- a batch that is sent again has the same bytes, and so the same rows.
--
-- Restated facts: of the rows of one id, the one that was observed last stays, once parts
-- were merged. Until then, ask with FINAL:
--     SELECT time, labels['esp.vendor'], value FROM rookery FINAL WHERE metric = 'esp.email.delivered'

CREATE TABLE IF NOT EXISTS rookery
(
    time        DateTime64(9, 'UTC')              CODEC(Delta, ZSTD),
    start       Nullable(DateTime64(9, 'UTC')),
    observed    DateTime64(9, 'UTC')              CODEC(Delta, ZSTD),

    -- of a sample; empty in the row of an event
    metric      LowCardinality(String)            DEFAULT '',
    kind        LowCardinality(String)            DEFAULT '',
    value       Nullable(Float64),
    exact       Nullable(Decimal(38, 18)),        -- what the source stated in decimals
    unit        LowCardinality(String)            DEFAULT '',
    confidence  LowCardinality(String)            DEFAULT '',
    provisional Bool                              DEFAULT false,

    -- of an event; empty in the row of a sample
    event       LowCardinality(String)            DEFAULT '',
    key         String                            DEFAULT '',
    phase       LowCardinality(String)            DEFAULT '',
    severity    LowCardinality(String)            DEFAULT '',
    follow_up   Bool                              DEFAULT false,
    insight     String                            DEFAULT '',
    action      String                            DEFAULT '',
    details     Map(String, String),

    -- of both
    tenant      LowCardinality(String)            DEFAULT '',
    collector   LowCardinality(String)            DEFAULT '',
    plugin      LowCardinality(String)            DEFAULT '',
    host        LowCardinality(String)            DEFAULT '',
    labels      Map(LowCardinality(String), String),
    id          FixedString(32)
)
ENGINE = ReplacingMergeTree(observed)
PARTITION BY toYYYYMM(time)
ORDER BY (metric, event, time, id)
SETTINGS non_replicated_deduplication_window = 10000;
