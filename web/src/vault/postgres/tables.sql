CREATE SCHEMA IF NOT EXISTS okta_web;

-- User and tokens are sealed. Times of sessions are in milliseconds since 1970.
CREATE TABLE IF NOT EXISTS okta_web.sessions (
    id TEXT PRIMARY KEY,
    sealed_user BYTEA NOT NULL,
    sealed_tokens BYTEA NOT NULL,
    version BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    kept_until TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_by_end ON okta_web.sessions (kept_until);

-- Under which names a session is found.
CREATE TABLE IF NOT EXISTS okta_web.session_indexes (
    name TEXT NOT NULL,
    session TEXT NOT NULL REFERENCES okta_web.sessions ON DELETE CASCADE,
    PRIMARY KEY (name, session)
);
CREATE INDEX IF NOT EXISTS session_indexes_by_session ON okta_web.session_indexes (session);

-- Sessions that were issued up to then are refused.
CREATE TABLE IF NOT EXISTS okta_web.bars (
    name TEXT PRIMARY KEY,
    issued_until BIGINT NOT NULL,
    kept_until TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS bars_by_end ON okta_web.bars (kept_until);

-- Who has a name.
CREATE TABLE IF NOT EXISTS okta_web.claims (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    kept_until TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS claims_by_end ON okta_web.claims (kept_until);
