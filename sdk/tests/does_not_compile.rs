//! What the documentation promises not to compile does not, and the compiler says why.
//!
//! The messages are those of one version of the compiler, and of one set of features, since names
//! that are there twice are written out: others skip the tests. To write them again, set
//! `TRYBUILD=overwrite`.

#[rustversion::attr(not(stable(1.95)), ignore = "the messages are those of Rust 1.95")]
#[cfg(all(feature = "full", feature = "governance", feature = "myaccount"))]
#[test]
fn mistakes_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/does_not_compile/*.rs");
}

#[rustversion::attr(not(stable(1.95)), ignore = "the messages are those of Rust 1.95")]
#[cfg(all(feature = "users", not(feature = "customizations")))]
#[test]
fn a_handle_needs_its_feature() {
    trybuild::TestCases::new().compile_fail("tests/does_not_compile/without_customizations/*.rs");
}
