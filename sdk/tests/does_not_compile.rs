//! What the documentation promises not to compile does not, and the compiler says why.
//!
//! The messages are those of one version of the compiler: other versions skip the test. To write
//! them again, set `TRYBUILD=overwrite`.

#[rustversion::attr(not(stable(1.95)), ignore = "the messages are those of Rust 1.95")]
#[cfg(all(
    feature = "admin-roles",
    feature = "applications",
    feature = "groups",
    feature = "users"
))]
#[test]
fn mistakes_do_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/does_not_compile/*.rs");
    if cfg!(not(feature = "customizations")) {
        cases.compile_fail("tests/does_not_compile/without_customizations/*.rs");
    }
}
