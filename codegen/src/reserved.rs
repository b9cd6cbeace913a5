//! Names that generated items have whatever the document says.

/// What every model has, so that no member can be called that.
pub const OF_MODELS: &[&str] = &[
    "clone",
    "custom",
    "default",
    "eq",
    "extra",
    "fmt",
    "get_custom",
    "new",
    "unfit",
    "with_id",
];

/// What every call has or uses by name, so that no setter can be called that.
pub const OF_CALLS: &[&str] = &[
    "all",
    "all_results",
    "first_page",
    "header",
    "idempotent",
    "into_future",
    "joined",
    "pages",
    "raw",
    "send",
    "stream",
    "stream_as",
    "stream_raw",
    "timeout",
];

/// What methods of handles use by name, so that no argument can be called that.
pub const OF_METHODS: &[&str] = &["built_error", "call", "checked", "joined", "path"];
