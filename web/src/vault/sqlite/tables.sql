-- User and tokens are sealed. All times are in milliseconds since 1970.
CREATE TABLE IF NOT EXISTS okta_web_sessions (
    id TEXT PRIMARY KEY,
    sealed_user BLOB NOT NULL,
    sealed_tokens BLOB NOT NULL,
    version INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS okta_web_sessions_by_end ON okta_web_sessions (expires_at);

-- Under which names a session is found.
CREATE TABLE IF NOT EXISTS okta_web_session_indexes (
    name TEXT NOT NULL,
    session TEXT NOT NULL REFERENCES okta_web_sessions ON DELETE CASCADE,
    PRIMARY KEY (name, session)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS okta_web_session_indexes_by_session
    ON okta_web_session_indexes (session);

-- Sessions that were issued up to then are refused.
CREATE TABLE IF NOT EXISTS okta_web_bars (
    name TEXT PRIMARY KEY,
    issued_until INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS okta_web_bars_by_end ON okta_web_bars (expires_at);

-- Who has a name.
CREATE TABLE IF NOT EXISTS okta_web_claims (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS okta_web_claims_by_end ON okta_web_claims (expires_at);
