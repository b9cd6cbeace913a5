//! Any JSON that fits a model comes back from it as it went in.
#![allow(clippy::panic, missing_docs)]

mod made_up;

use std::collections::HashMap;

use made_up::{Entropy, MakeUp};
use proptest::prelude::{ProptestConfig, any};
use proptest::test_runner::{TestCaseError, TestRng, TestRunner};
use xtask_drivers::fidelity::differences;
use xtask_drivers::models::{self, Form, Model};

/// Runs `property` on JSON made up for each model in turn, the same JSON at every run.
fn for_every_model(property: impl Fn(&Model, &mut MakeUp<'_>) -> Result<(), TestCaseError>) {
    let models: HashMap<&str, Model> = models::all().map(|model| (model.name, model)).collect();
    assert!(models.len() > 1000, "only {} models", models.len());
    for model in models::all() {
        let config = ProptestConfig {
            cases: 24,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let rng = TestRng::deterministic_rng(config.rng_algorithm);
        let bytes = proptest::collection::vec(any::<u8>(), 0..512);
        let outcome = TestRunner::new_with_rng(config, rng).run(&bytes, |bytes| {
            property(&model, &mut MakeUp::new(&models, Entropy::new(&bytes)))
        });
        if let Err(error) = outcome {
            panic!("{}: {error}", model.name);
        }
    }
}

#[test]
fn json_that_fits_comes_back_whole() {
    for_every_model(|model, make_up| {
        let before = make_up.model(model);
        let after = (model.passage)(before.to_string().as_bytes())
            .map_err(|error| TestCaseError::fail(format!("{error} in {before}")))?;
        match differences(&before, &after).first() {
            None => Ok(()),
            Some(lost) => Err(TestCaseError::fail(format!("{lost:?} in {before}"))),
        }
    });
}

#[test]
fn unknown_properties_alone_come_back_whole() {
    for_every_model(|model, make_up| {
        if matches!(model.form, Form::Enum(_)) {
            return Ok(());
        }
        let before = make_up.unknown_object();
        let after = (model.passage)(before.to_string().as_bytes())
            .map_err(|error| TestCaseError::fail(format!("{error} in {before}")))?;
        proptest::prop_assert_eq!(after, before);
        Ok(())
    });
}
