//! What PostgreSQL is asked. It counts how long something is kept by its own clock.

/// Whoever adds a session under a name or bars the name does so alone. In one order, so that no two
/// wait for each other. It takes a statement of its own: the next one sees what the other has done.
pub(super) const LOCK: &str = "
    SELECT pg_advisory_xact_lock($1, hash)
    FROM (SELECT DISTINCT hashtext(name) AS hash FROM unnest($2::text[]) AS name ORDER BY hash) AS of";

pub(super) const INSERT: &str = "
    INSERT INTO okta_web.sessions (id, sealed_user, sealed_tokens, version, expires_at, kept_until)
    SELECT $1, $2, $3, $4, $5, clock_timestamp() + $6::bigint * interval '1 millisecond'
    WHERE NOT EXISTS (
        SELECT FROM okta_web.bars
        WHERE name = ANY ($7) AND issued_until >= $8 AND kept_until > clock_timestamp()
    )";

pub(super) const INDEX: &str = "
    INSERT INTO okta_web.session_indexes (name, session)
    SELECT DISTINCT name, $1 FROM unnest($2::text[]) AS name";

pub(super) const LOAD: &str = "
    SELECT sealed_user, sealed_tokens, version, expires_at FROM okta_web.sessions
    WHERE id = $1 AND kept_until > clock_timestamp()";

pub(super) const REPLACE: &str = "
    UPDATE okta_web.sessions SET sealed_tokens = $3, version = version + 1
    WHERE id = $1 AND version = $2 AND kept_until > clock_timestamp()";

pub(super) const TOUCH: &str = "
    UPDATE okta_web.sessions
    SET expires_at = $2, kept_until = clock_timestamp() + $3::bigint * interval '1 millisecond'
    WHERE id = $1 AND kept_until > clock_timestamp()";

pub(super) const REMOVE: &str = "
    DELETE FROM okta_web.sessions WHERE id = $1
    RETURNING sealed_user, sealed_tokens, version, expires_at";

pub(super) const FIND: &str = "
    SELECT id FROM okta_web.session_indexes JOIN okta_web.sessions ON id = session
    WHERE name = $1 AND kept_until > clock_timestamp() ORDER BY id";

/// Of two bars under one name the later one counts, and the longer life.
pub(super) const BAR: &str = "
    INSERT INTO okta_web.bars AS there (name, issued_until, kept_until)
    VALUES ($1, $2, clock_timestamp() + $3::bigint * interval '1 millisecond')
    ON CONFLICT (name) DO UPDATE
    SET issued_until = CASE
            WHEN there.kept_until <= clock_timestamp() THEN excluded.issued_until
            ELSE greatest(there.issued_until, excluded.issued_until)
        END,
        kept_until = greatest(there.kept_until, excluded.kept_until)";

pub(super) const CLAIM: &str = "
    INSERT INTO okta_web.claims AS there (name, holder, kept_until)
    VALUES ($1, $2, clock_timestamp() + $3::bigint * interval '1 millisecond')
    ON CONFLICT (name) DO UPDATE
    SET holder = excluded.holder, kept_until = excluded.kept_until
    WHERE there.holder = excluded.holder OR there.kept_until <= clock_timestamp()";

pub(super) const RELEASE: &str = "DELETE FROM okta_web.claims WHERE name = $1 AND holder = $2";

/// Takes away rows that have expired, without waiting for those that somebody is at.
pub(super) const CLEAR: [&str; 3] = [
    "DELETE FROM okta_web.sessions WHERE id IN (
        SELECT id FROM okta_web.sessions WHERE kept_until <= clock_timestamp()
        ORDER BY kept_until LIMIT $1 FOR UPDATE SKIP LOCKED)",
    "DELETE FROM okta_web.bars WHERE name IN (
        SELECT name FROM okta_web.bars WHERE kept_until <= clock_timestamp()
        ORDER BY kept_until LIMIT $1 FOR UPDATE SKIP LOCKED)",
    "DELETE FROM okta_web.claims WHERE name IN (
        SELECT name FROM okta_web.claims WHERE kept_until <= clock_timestamp()
        ORDER BY kept_until LIMIT $1 FOR UPDATE SKIP LOCKED)",
];
