//! A report as a page.

use askama::Template;

use super::plot::{self, Plot};
use super::{Counts, Report};
use crate::meter::Requests;
use crate::step::Kind;

/// More drawings than this are left out: the routes are in the order of their use.
const MOST_PLOTS: usize = 6;

/// A route has a drawing if it has this share of the requests, one in so many.
const SHARE: u64 = 50;

/// A browser should open the page of a run in which everything failed. The other formats have all.
const MOST_LINES: usize = 1000;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    began: Option<String>,
    took: String,
    verdict: &'static str,
    sum: Counts,
    rows: Vec<(Kind, Counts)>,
    requests: Option<&'a Requests>,
    plots: Vec<Plot<'a>>,
}

impl Report {
    /// The report as a page of HTML. It needs nothing beside it, runs no script and loads nothing:
    /// send it to whoever has to know, or print it.
    ///
    /// Names and messages in it are escaped, whatever they are.
    #[must_use]
    pub fn to_html(&self) -> String {
        let requests = self.requests.as_ref();
        let page = Page {
            report: self,
            began: self
                .began
                .map(|it| it.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
            took: span(self.took.as_secs()),
            verdict: self.verdict(),
            sum: self.sum(),
            rows: self.counts.iter().map(|(kind, it)| (*kind, *it)).collect(),
            requests,
            plots: requests.map(plots).unwrap_or_default(),
        };
        // Writing to a string does not fail.
        page.render().unwrap_or_default()
    }

    const fn verdict(&self) -> &'static str {
        match (self.failures.is_empty(), self.not_begun) {
            (true, 0) => "Everything is as wanted.",
            (true, _) => "The run was stopped. Another run does what is left.",
            (false, _) => "Some of it failed. Another run tries it again.",
        }
    }

    fn sum(&self) -> Counts {
        let all = self.counts.values();
        all.fold(Counts::default(), |sum, it| Counts {
            wanted: sum.wanted + it.wanted,
            created: sum.created + it.created,
            updated: sum.updated + it.updated,
            removed: sum.removed + it.removed,
            kept: sum.kept + it.kept,
            failed: sum.failed + it.failed,
            skipped: sum.skipped + it.skipped,
        })
    }
}

fn plots(requests: &Requests) -> Vec<Plot<'_>> {
    let routes = requests.routes.iter().take(MOST_PLOTS);
    let routes = routes.filter(|route| route.sent.saturating_mul(SHARE) >= requests.sent);
    let slots = routes.clone().map(|route| route.slots.len()).max();
    routes
        .map(|route| Plot::new(route, requests.slot_seconds, slots.unwrap_or_default()))
        .collect()
}

/// A time for people: `1 h 02 min`, `3 min 20 s`, `8 s`.
fn span(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::{Route, Slot};
    use crate::report::Failure;

    /// A report in which every text tries to be markup.
    pub(in crate::report) fn hostile() -> Report {
        let evil =
            |what: &str| format!("</title></style>\"'><script>alert('{what}')</script>&amp;");
        let route = Route {
            method: evil("method"),
            path: evil("path"),
            sent: 1,
            slots: vec![Slot {
                sent: 1,
                limited: 0,
            }],
            ..Route::default()
        };
        Report {
            org: evil("org"),
            failures: vec![Failure {
                what: evil("what"),
                why: evil("why"),
                status: Some(400),
                code: Some(evil("code")),
                request_id: Some(evil("id")),
            }],
            warnings: vec![evil("warning")],
            requests: Some(Requests {
                sent: 1,
                slot_seconds: 1,
                routes: vec![route],
                ..Requests::default()
            }),
            ..Report::default()
        }
    }

    #[test]
    fn what_comes_from_outside_is_text() {
        let page = hostile().to_html();
        assert!(!page.contains("<script"), "{page}");
        for what in [
            "method", "path", "org", "what", "why", "code", "id", "warning",
        ] {
            let shown = format!("&#60;script&#62;alert(&#39;{what}&#39;)&#60;/script&#62;");
            assert!(page.contains(&shown), "{what}\n{page}");
        }
        assert_eq!(page.matches("</title>").count(), 1);
        assert_eq!(page.matches("</style>").count(), 1);
    }

    #[test]
    fn nothing_is_fetched() {
        let page = hostile().to_html();
        for loads in [
            " src=",
            " href=",
            "url(",
            "@import",
            "http-equiv=\"refresh\"",
        ] {
            assert!(!page.contains(loads), "{loads}");
        }
        assert!(page.contains("default-src 'none'"));
    }

    #[test]
    fn a_page_has_its_bounds() {
        let failure = Failure {
            what: "create the user ada@example.com".to_owned(),
            why: "no".to_owned(),
            status: None,
            code: None,
            request_id: None,
        };
        let report = Report {
            failures: vec![failure; MOST_LINES + 5],
            ..Report::default()
        };
        let page = report.to_html();
        assert_eq!(page.matches("create the user").count(), MOST_LINES);
        assert!(page.contains("5 more"), "{page}");
    }

    #[test]
    fn times_are_read_by_people() {
        for (seconds, text) in [(8, "8 s"), (200, "3 min 20 s"), (3720, "1 h 02 min")] {
            assert_eq!(span(seconds), text);
        }
    }
}
