//! What SQLite is asked. Each statement that asks for the time is given it.

pub(super) const BARRED: &str = "
    SELECT 1 FROM okta_web_bars WHERE name = ?1 AND issued_until >= ?2 AND expires_at > ?3";

pub(super) const INSERT: &str = "
    INSERT INTO okta_web_sessions (id, sealed_user, sealed_tokens, version, expires_at)
    VALUES (?1, ?2, ?3, ?4, ?5)";

pub(super) const INDEX: &str = "
    INSERT INTO okta_web_session_indexes (name, session) VALUES (?1, ?2) ON CONFLICT DO NOTHING";

pub(super) const LOAD: &str = "
    SELECT sealed_user, sealed_tokens, version, expires_at FROM okta_web_sessions
    WHERE id = ?1 AND expires_at > ?2";

pub(super) const REPLACE: &str = "
    UPDATE okta_web_sessions SET sealed_tokens = ?3, version = version + 1
    WHERE id = ?1 AND version = ?2 AND expires_at > ?4";

pub(super) const TOUCH: &str = "
    UPDATE okta_web_sessions SET expires_at = ?2 WHERE id = ?1 AND expires_at > ?3";

pub(super) const REMOVE: &str = "
    DELETE FROM okta_web_sessions WHERE id = ?1
    RETURNING sealed_user, sealed_tokens, version, expires_at";

pub(super) const FIND: &str = "
    SELECT id FROM okta_web_session_indexes JOIN okta_web_sessions ON id = session
    WHERE name = ?1 AND expires_at > ?2 ORDER BY id";

/// Of two bars under one name the later one counts, and the longer life.
pub(super) const BAR: &str = "
    INSERT INTO okta_web_bars AS there (name, issued_until, expires_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (name) DO UPDATE
    SET issued_until = CASE
            WHEN there.expires_at <= ?4 THEN excluded.issued_until
            ELSE max(there.issued_until, excluded.issued_until)
        END,
        expires_at = max(there.expires_at, excluded.expires_at)";

pub(super) const CLAIM: &str = "
    INSERT INTO okta_web_claims AS there (name, holder, expires_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
    WHERE there.holder = excluded.holder OR there.expires_at <= ?4";

pub(super) const RELEASE: &str = "DELETE FROM okta_web_claims WHERE name = ?1 AND holder = ?2";

/// Takes away rows that have expired.
pub(super) const CLEAR: [&str; 3] = [
    "DELETE FROM okta_web_sessions WHERE id IN (
        SELECT id FROM okta_web_sessions WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
    "DELETE FROM okta_web_bars WHERE name IN (
        SELECT name FROM okta_web_bars WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
    "DELETE FROM okta_web_claims WHERE name IN (
        SELECT name FROM okta_web_claims WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
];
