-- SPDX-License-Identifier: Apache-2.0
-- A table for the records that a syslog sink sends to rsyslog (postgresql.rsyslog.conf).
-- PostgreSQL 11 or newer.
--
-- Columns have the names of docs/DATA-MODEL.md; what a record lacks is NULL. A value is as
-- the record has it: 12.30 stays 12.30. Times are rounded to microseconds.
--
-- Nothing is there twice: a record that comes again has the id of the first. Where a fact was
-- restated, the telling stays that was observed last.

CREATE TABLE IF NOT EXISTS rookery
(
    id          uuid        PRIMARY KEY,    -- 32 digits in records, shown with dashes here
    time        timestamptz NOT NULL,
    start       timestamptz,
    observed    timestamptz NOT NULL,

    -- of a sample
    metric      text,
    kind        text,
    value       numeric,
    unit        text,
    confidence  text,
    provisional boolean,

    -- of an event
    event       text,
    key         text,
    phase       text,
    severity    text,
    follow_up   boolean,
    insight     text,
    action      text,
    details     jsonb,

    -- of both
    tenant      text,
    collector   text        NOT NULL,
    plugin      text        NOT NULL,
    host        text        NOT NULL,
    labels      jsonb       NOT NULL,

    CHECK ((metric IS NULL) <> (event IS NULL))
);

CREATE INDEX IF NOT EXISTS rookery_metric ON rookery (metric, time);
CREATE INDEX IF NOT EXISTS rookery_event ON rookery (event, time) WHERE event IS NOT NULL;

-- Takes a record as it stands behind the structured data.
CREATE OR REPLACE FUNCTION rookery_take(record jsonb) RETURNS void LANGUAGE sql AS
$$
    INSERT INTO rookery SELECT * FROM jsonb_populate_record(NULL::rookery, record)
    ON CONFLICT (id) DO UPDATE SET
        observed = EXCLUDED.observed,
        value = EXCLUDED.value,
        confidence = EXCLUDED.confidence,
        provisional = EXCLUDED.provisional,
        severity = EXCLUDED.severity,
        follow_up = EXCLUDED.follow_up,
        insight = EXCLUDED.insight,
        action = EXCLUDED.action,
        details = EXCLUDED.details,
        tenant = EXCLUDED.tenant,
        labels = EXCLUDED.labels
    WHERE EXCLUDED.observed > rookery.observed
$$;
