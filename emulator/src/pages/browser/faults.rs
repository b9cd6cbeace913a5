//! The faults that wait for requests.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::frame::{Frame, Org, Visit, page};
use crate::faults::{FaultRule, Faults as Rules};
use crate::pages::Page;

/// What there is to choose: a fault as JSON with what it does.
struct Choices {
    name: &'static str,
    faults: &'static [(&'static str, &'static str)],
}

const CHOICES: [Choices; 5] = [
    Choices {
        name: "Errors of the server",
        faults: &[
            (
                r#"{"serverError":{"status":500}}"#,
                "500 with Okta's envelope",
            ),
            (
                r#"{"serverError":{"status":503}}"#,
                "503 with Okta's envelope",
            ),
            (
                r#"{"serverError":{"status":502,"body":"html"}}"#,
                "502 with a page of a proxy",
            ),
            (
                r#"{"serverError":{"status":504,"body":"html"}}"#,
                "504 with a page of a proxy",
            ),
        ],
    },
    Choices {
        name: "Rate limits",
        faults: &[
            (r#"{"rateLimited":"bucket"}"#, "429, the bucket is empty"),
            (r#"{"rateLimited":"brief"}"#, "429, over in a second"),
            (
                r#"{"rateLimited":"concurrency"}"#,
                "429, too many at a time",
            ),
            (r#"{"rateLimited":"noHeaders"}"#, "429 without headers"),
            (r#"{"rateLimited":"twoResets"}"#, "429 with two resets"),
            (
                r#"{"rateLimited":"repeated"}"#,
                "429 with each header twice",
            ),
        ],
    },
    Choices {
        name: "The network",
        faults: &[
            (
                r#""connectionReset""#,
                "Reset before the org sees the request",
            ),
            (r#""responseLost""#, "Reset after the org has done it"),
            (r#""staleConnection""#, "The connection is stale afterwards"),
            (r#""truncatedBody""#, "The answer breaks off"),
            (r#""notJson""#, "A page in place of JSON"),
            (r#""loneSurrogate""#, "Half a surrogate pair in the JSON"),
        ],
    },
    Choices {
        name: "Latency",
        faults: &[
            (r#"{"latency":200}"#, "200 ms"),
            (r#"{"latency":2000}"#, "2 s"),
            (r#"{"latency":30000}"#, "30 s"),
            (
                r#"{"exponentialLatency":{"mean":200,"max":5000}}"#,
                "200 ms on average, 5 s at most",
            ),
        ],
    },
    Choices {
        name: "Tokens and refusals",
        faults: &[
            (r#"{"oktaError":"E0000011"}"#, "401, invalid token"),
            (r#"{"oktaError":"E0000006"}"#, "403, no permission"),
            (r#"{"oktaError":"E0000007"}"#, "404, not found"),
            (r#""tokenExpired""#, "The access token expires"),
            (r#""keysRotated""#, "The signing keys are replaced"),
            (r#"{"clockSkew":600}"#, "The clock is 10 minutes ahead"),
        ],
    },
];

/// A rule as an example.
const EXAMPLE: &str = "{fault: {uniformLatency: {from: 50, to: 500}}, path: /api/v1, always: true}";

#[derive(Template)]
#[template(path = "faults.html")]
struct Faults {
    frame: Frame,
    rules: Vec<Listed>,
    choices: &'static [Choices],
    written: String,
    problem: Option<String>,
}

struct Listed {
    number: u64,
    text: String,
}

fn shown(rules: &Rules, visit: &Visit, written: &str, problem: Option<String>) -> Page {
    let rules = rules.rules().into_iter().map(|rule| Listed {
        number: rule.number(),
        text: serde_json::to_string(&rule).unwrap_or_default(),
    });
    let frame = visit.frame("Faults");
    page(&Faults {
        frame: frame.lead("What makes requests fail, for a client to show what it does then."),
        rules: rules.collect(),
        choices: &CHOICES,
        written: written.to_owned(),
        problem,
    })
}

/// `GET /_org/faults`.
pub(super) async fn list(State(shared): Org, visit: Visit) -> Page {
    shown(&shared.faults, &visit, EXAMPLE, None)
}

fn done() -> Response {
    Redirect::to("/_org/faults").into_response()
}

/// What the forms send: a rule in YAML, or the parts of one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    rule: Option<String>,
    fault: String,
    method: String,
    path: String,
    times: String,
    percent: String,
}

impl Sent {
    fn rule(&self) -> Result<FaultRule, String> {
        if let Some(rule) = &self.rule {
            return FaultRule::from_yaml(rule).map_err(|error| error.to_string());
        }
        let fault: Value = serde_json::from_str(&self.fault)
            .map_err(|_| "Choose what happens from the list.".to_owned())?;
        let mut rule = Map::from_iter([("fault".to_owned(), fault)]);
        let given = [("method", &self.method), ("path", &self.path)];
        for (name, value) in given
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty())
        {
            rule.insert(name.to_owned(), json!(value.trim()));
        }
        match self.times.trim() {
            "" => rule.insert("always".to_owned(), json!(true)),
            times => {
                let times = times.parse::<u32>().ok().filter(|times| *times > 0);
                let times = times.ok_or("How many requests: write a whole number from 1 on.")?;
                rule.insert("times".to_owned(), json!(times))
            }
        };
        if !self.percent.trim().is_empty() {
            let percent = self.percent.trim().parse::<f64>().ok();
            let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
            let percent = percent.ok_or("How likely: write a number from 0 to 100.")?;
            rule.insert("probability".to_owned(), json!(percent / 100.0));
        }
        serde_json::from_value(Value::Object(rule)).map_err(|error| error.to_string())
    }
}

/// `POST /_org/faults`.
pub(super) async fn add(State(shared): Org, visit: Visit, Form(sent): Form<Sent>) -> Response {
    let added = sent.rule().and_then(|rule| {
        let most = Rules::MOST_RULES;
        let is_added = shared.faults.inject_within_bound(rule);
        is_added
            .then_some(())
            .ok_or_else(|| format!("There are {most} faults. Remove some first."))
    });
    match added {
        Ok(()) => done(),
        Err(problem) => {
            let written = sent.rule.as_deref().unwrap_or(EXAMPLE);
            let page = shown(&shared.faults, &visit, written, Some(problem));
            (StatusCode::BAD_REQUEST, page).into_response()
        }
    }
}

/// `POST /_org/faults/{number}/remove`. One that is gone already is no error.
pub(super) async fn remove(State(shared): Org, Path(number): Path<String>) -> Response {
    if let Ok(number) = number.parse() {
        shared.faults.remove(number);
    }
    done()
}

/// `POST /_org/faults/clear`.
pub(super) async fn clear(State(shared): Org) -> Response {
    shared.faults.clear();
    done()
}

#[derive(Debug, Deserialize)]
pub(super) struct Seed {
    seed: String,
}

/// `POST /_org/faults/seed`.
pub(super) async fn seed(State(shared): Org, visit: Visit, Form(sent): Form<Seed>) -> Response {
    let Ok(seed) = sent.seed.trim().parse() else {
        let problem = Some("Seed: write a whole number from 0 on.".to_owned());
        let page = shown(&shared.faults, &visit, EXAMPLE, problem);
        return (StatusCode::BAD_REQUEST, page).into_response();
    };
    shared.faults.seed(seed);
    done()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_choice_is_a_fault() {
        for (fault, name) in CHOICES.iter().flat_map(|choices| choices.faults) {
            let sent = Sent {
                fault: (*fault).to_owned(),
                times: "1".to_owned(),
                ..Sent::default()
            };
            assert!(sent.rule().is_ok(), "{name}: {:?}", sent.rule());
        }
        assert!(FaultRule::from_yaml(EXAMPLE).is_ok());
    }

    #[test]
    fn a_form_says_what_it_says() {
        let sent = Sent {
            fault: r#"{"latency":200}"#.to_owned(),
            method: "POST".to_owned(),
            path: " /api/v1/users ".to_owned(),
            percent: "12.5".to_owned(),
            ..Sent::default()
        };
        let written = "{fault: {latency: 200}, method: POST, path: /api/v1/users, always: true, \
                       probability: 0.125}";
        assert_eq!(sent.rule().unwrap(), FaultRule::from_yaml(written).unwrap());
        for (times, percent) in [("0", ""), ("-1", ""), ("x", ""), ("1", "101"), ("1", "NaN")] {
            let (times, percent) = (times.to_owned(), percent.to_owned());
            let fault = sent.fault.clone();
            let sent = Sent {
                fault,
                times,
                percent,
                ..Sent::default()
            };
            assert!(sent.rule().is_err(), "{sent:?}");
        }
    }
}
