CREATE SCHEMA IF NOT EXISTS okta_provision;

-- Who works on an org. The epoch goes up with each lease, and what is written under an older one is refused.
CREATE TABLE IF NOT EXISTS okta_provision.orgs (
    org TEXT PRIMARY KEY,
    epoch BIGINT NOT NULL DEFAULT 0,
    holder TEXT,
    lease_until TIMESTAMPTZ
);

-- What is to be done, is done and was done.
CREATE TABLE IF NOT EXISTS okta_provision.runs (
    run BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org TEXT NOT NULL REFERENCES okta_provision.orgs,
    desired TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    is_cancelled BOOLEAN NOT NULL DEFAULT FALSE,
    crashes INTEGER NOT NULL DEFAULT 0,
    plan TEXT,
    message TEXT,
    report TEXT,
    submitted TIMESTAMPTZ NOT NULL DEFAULT now(),
    started TIMESTAMPTZ,
    ended TIMESTAMPTZ
);
CREATE INDEX IF NOT EXISTS runs_by_org ON okta_provision.runs (org, run);

CREATE TABLE IF NOT EXISTS okta_provision.steps (
    run BIGINT NOT NULL REFERENCES okta_provision.runs ON DELETE CASCADE,
    number BIGINT NOT NULL,
    step TEXT NOT NULL,
    state SMALLINT NOT NULL DEFAULT 0,
    outcome TEXT,
    id TEXT,
    PRIMARY KEY (run, number)
) WITH (fillfactor = 80);

-- What all workers look at: one row.
CREATE TABLE IF NOT EXISTS okta_provision.fleet (
    one BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (one),
    is_drained BOOLEAN NOT NULL DEFAULT FALSE
);
INSERT INTO okta_provision.fleet DEFAULT VALUES ON CONFLICT DO NOTHING;
