use super::*;

fn taken(faults: &Faults, method: &str, path: &str) -> Option<Fault> {
    faults.take(method, path).fault
}

/// Which of `count` requests are hit.
fn hits(faults: &Faults, count: usize) -> Vec<bool> {
    let hit = |_| taken(faults, "GET", "/api/v1/users").is_some();
    (0..count).map(hit).collect()
}

#[test]
fn a_fault_applies_to_as_many_requests_as_it_says() {
    let faults = Faults::default();
    faults.inject(Fault::ConnectionReset);
    faults.inject(FaultRule::new(Fault::TruncatedBody).times(2));
    let all: Vec<Option<Fault>> = (0..4).map(|_| taken(&faults, "GET", "/")).collect();
    let truncated = Some(Fault::TruncatedBody);
    let reset = Some(Fault::ConnectionReset);
    assert_eq!(all, [reset, truncated.clone(), truncated, None]);
    assert!(faults.rules().is_empty());
}

#[test]
fn a_fault_waits_for_its_requests() {
    let faults = Faults::default();
    let rule = FaultRule::new(Fault::ResponseLost)
        .on_method("post")
        .on_path("/api/v1/users");
    faults.inject(rule);
    assert_eq!(taken(&faults, "GET", "/api/v1/users"), None);
    assert_eq!(taken(&faults, "POST", "/api/v1/groups"), None);
    let hit = taken(&faults, "POST", "/api/v1/users/1");
    assert_eq!(hit, Some(Fault::ResponseLost));
}

#[test]
fn always_lasts_until_cleared_and_zero_times_never_happens() {
    let faults = Faults::default();
    faults.inject(FaultRule::new(Fault::TruncatedBody).times(0));
    faults.inject(FaultRule::new(Fault::ConnectionReset).always());
    assert!((0..5).all(|_| taken(&faults, "GET", "/") == Some(Fault::ConnectionReset)));
    faults.clear();
    assert_eq!(taken(&faults, "GET", "/"), None);
}

#[test]
fn a_rule_can_choose_requests_by_their_number() {
    let faults = Faults::default();
    let rule = FaultRule::new(Fault::ConnectionReset).after(2).every(3);
    faults.inject(rule.times(2));
    let third = [false, false, true, false, false, true, false, false, false];
    assert_eq!(hits(&faults, 9), third);
}

#[test]
fn a_latency_comes_with_another_fault() {
    let faults = Faults::default();
    let slow = Duration::from_millis(5);
    faults.inject(FaultRule::new(Fault::Latency(slow)).always());
    faults.inject(Fault::TruncatedBody);
    let first = faults.take("GET", "/");
    let second = faults.take("GET", "/");
    assert_eq!(
        (first.latency, first.fault),
        (Some(slow), Some(Fault::TruncatedBody))
    );
    assert_eq!((second.latency, second.fault), (Some(slow), None));
}

#[test]
fn the_same_seed_hits_the_same_requests() {
    let run = |seed| {
        let faults = Faults::seeded(seed);
        faults.inject(
            FaultRule::new(Fault::ConnectionReset)
                .always()
                .with_probability(0.3),
        );
        hits(&faults, 200)
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
    let count = run(7).iter().filter(|hit| **hit).count();
    assert!((40..=80).contains(&count), "{count} of 200");
}

#[test]
fn what_others_ask_meanwhile_changes_no_ones_faults() {
    let run = |others: usize| {
        let faults = Faults::seeded(7);
        faults.inject(
            FaultRule::new(Fault::ConnectionReset)
                .always()
                .with_probability(0.5),
        );
        let between = |_| {
            (0..others).for_each(|_| drop(faults.take("GET", "/api/v1/groups")));
            taken(&faults, "GET", "/api/v1/users").is_some()
        };
        (0..50).map(between).collect::<Vec<bool>>()
    };
    assert_eq!(run(0), run(3));
}

#[test]
fn random_latencies_stay_in_their_bounds_and_differ() {
    let millis = Duration::from_millis;
    let latencies = |fault: Fault| {
        let faults = Faults::seeded(1);
        faults.inject(FaultRule::new(fault).always());
        let each = |_| faults.take("GET", "/").latency.unwrap_or_default();
        (0..500).map(each).collect::<Vec<Duration>>()
    };
    let (from, to) = (millis(10), millis(30));
    let uniform = latencies(Fault::UniformLatency { from, to });
    assert!(uniform.iter().all(|latency| (from..=to).contains(latency)));
    assert!(uniform.iter().any(|latency| *latency < millis(13)));
    assert!(uniform.iter().any(|latency| *latency > millis(27)));
    let (mean, max) = (millis(20), millis(60));
    let exponential = latencies(Fault::ExponentialLatency { mean, max });
    assert!(exponential.iter().all(|latency| *latency <= max));
    assert!(exponential.contains(&max), "one in twenty is longer");
    let average = exponential.iter().sum::<Duration>() / 500;
    assert!((millis(16)..millis(22)).contains(&average), "{average:?}");
}
