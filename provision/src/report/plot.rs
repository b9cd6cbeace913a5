//! How fast a run was, as a drawing.

use crate::meter::{Route, Slot};

/// Units of a drawing. The page stretches it to its own width.
pub(super) const WIDTH: f64 = 1000.0;
pub(super) const HEIGHT: f64 = 100.0;

/// Requests of a route over time, beside what Okta allows.
#[derive(Debug)]
pub(super) struct Plot<'a> {
    pub(super) route: &'a Route,
    /// The highest rate in requests per second.
    pub(super) peak: f64,
    /// What Okta allows in a second.
    pub(super) allowed: Option<f64>,
    /// The rate at the upper edge of the drawing.
    pub(super) top: f64,
    /// Seconds from the left edge to the right one.
    pub(super) seconds: u64,
    pub(super) bars: Vec<Bar>,
    /// Where the line of the allowed rate is, from above.
    pub(super) line: Option<f64>,
}

/// A slot, as a bar that stands on the lower edge.
#[derive(Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// The part of it that was answered with status 429, from below.
    pub(super) limited: f64,
}

impl<'a> Plot<'a> {
    /// The drawing of a route. `slots` is how many there are in all drawings of a page, so that one
    /// can be compared with another.
    #[allow(clippy::cast_precision_loss)] // a drawing has no place for more digits
    pub(super) fn new(route: &'a Route, slot_seconds: u32, slots: usize) -> Self {
        let seconds = f64::from(slot_seconds.max(1));
        let rate = |requests: u64| requests as f64 / seconds;
        let peak = route.slots.iter().map(|slot| rate(slot.sent));
        let peak = peak.fold(0.0, f64::max);
        let allowed = route.limit_per_minute.map(|limit| limit as f64 / 60.0);
        let top = allowed.unwrap_or_default().max(peak).max(f64::MIN_POSITIVE);
        let height = |requests: u64| rounded(rate(requests) / top * HEIGHT);
        let step = WIDTH / slots.max(1) as f64;
        let bar = |(at, slot): (usize, &Slot)| Bar {
            x: rounded(at as f64 * step),
            y: HEIGHT - height(slot.sent),
            width: rounded(step),
            height: height(slot.sent),
            limited: height(slot.limited),
        };
        let bars = route.slots.iter().enumerate().map(bar);
        Self {
            route,
            peak,
            allowed,
            top,
            seconds: slots as u64 * u64::from(slot_seconds),
            bars: bars.filter(|bar| bar.height > 0.0).collect(),
            line: allowed.map(|allowed| rounded(HEIGHT - allowed / top * HEIGHT)),
        }
    }
}

/// To a hundredth, which no eye sees.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_the_rate_and_the_line_as_what_is_allowed() {
        let slot = |sent, limited| Slot { sent, limited };
        let route = Route {
            limit_per_minute: Some(600),
            slots: vec![slot(10, 0), slot(0, 0), slot(40, 10)],
            ..Route::default()
        };
        let plot = Plot::new(&route, 2, 4);
        assert_eq!(plot.seconds, 8);
        // 20 requests per second were sent, and 10 are allowed.
        assert_eq!((plot.peak, plot.top), (20.0, 20.0));
        assert_eq!((plot.allowed, plot.line), (Some(10.0), Some(50.0)));
        let bar = |x, height, limited| Bar {
            x,
            y: HEIGHT - height,
            width: 250.0,
            height,
            limited,
        };
        assert_eq!(plot.bars, [bar(0.0, 25.0, 0.0), bar(500.0, 100.0, 25.0)]);
    }

    #[test]
    fn nothing_sent_is_an_empty_drawing() {
        let route = Route::default();
        let plot = Plot::new(&route, 0, 0);
        assert_eq!(plot.bars, []);
        assert_eq!(plot.line, None);
    }
}
