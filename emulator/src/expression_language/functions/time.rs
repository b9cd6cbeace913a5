//! Functions of time.

use std::fmt::Write;

use chrono::format::{Parsed, StrftimeItems, parse};
use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Timelike, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::super::scope::ExpressionError;
use super::super::values::text;
use super::{joda, nth, zones};
use crate::clock::Timestamp;

/// Seconds from the epoch of Windows, the start of 1601, to that of Unix.
const EPOCHS: i64 = 11_644_473_600;
/// What Windows counts in a second: 100 nanoseconds each.
const TICKS: i64 = 10_000_000;
/// The year of a time whose pattern has none.
const YEAR: i32 = 2000;

/// Calls a function. Of what is not there nothing can be made.
pub(super) fn call(
    function: &str,
    arguments: &[Value],
    now: Timestamp,
) -> Result<Value, ExpressionError> {
    let given = |at: usize| text(&nth(arguments, at));
    if function == "now" {
        return now_in(arguments, now.0).map(|text| json!(text));
    }
    if arguments.contains(&Value::Null) {
        return Ok(Value::Null);
    }
    let time = given(0);
    let unreadable = |what: &str| ExpressionError::new(format!("{time} is no {what}"));
    Ok(json!(match function {
        "fromWindowsToIso8601" => {
            let at = time.trim().parse().ok().and_then(from_windows);
            iso8601(at.ok_or_else(|| unreadable("Windows timestamp"))?)
        }
        "fromUnixToIso8601" => {
            let seconds = time.trim().parse().ok();
            let at = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            iso8601(at.ok_or_else(|| unreadable("Unix timestamp"))?)
        }
        "fromStringToIso8601" => {
            let pattern = given(1);
            let at = read(&time, &joda::translated(&pattern, "UTC")?);
            iso8601(at.ok_or_else(|| unreadable(&format!("time of the form {pattern}")))?)
        }
        _ => {
            let at = from_iso8601(time.trim()).ok_or_else(|| unreadable("time of ISO 8601"))?;
            match function {
                "fromIso8601ToWindows" => to_windows(at).to_string(),
                "fromIso8601ToUnix" => at.timestamp().to_string(),
                _ => written(at.with_timezone(&Tz::UTC), &given(1))?,
            }
        }
    }))
}

/// The present time, in a zone and a form if these are given.
fn now_in(arguments: &[Value], now: DateTime<Utc>) -> Result<String, ExpressionError> {
    let zone = match arguments.first() {
        None | Some(Value::Null) => Tz::UTC,
        Some(zone) => zones::named(&text(zone))?,
    };
    let now = now.with_timezone(&zone);
    match arguments.get(1) {
        None | Some(Value::Null) => Ok(now.to_rfc3339_opts(SecondsFormat::Millis, true)),
        Some(pattern) => written(now, &text(pattern)),
    }
}

fn iso8601(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A time in the form of a pattern.
fn written(at: DateTime<Tz>, pattern: &str) -> Result<String, ExpressionError> {
    let pattern = joda::translated(pattern, at.timezone().name())?;
    let mut text = String::new();
    match write!(text, "{}", at.format(&pattern)) {
        Ok(()) => Ok(text),
        Err(_) => Err(ExpressionError::new("The date pattern cannot be written")),
    }
}

/// Reads a time. What the pattern does not have is the start of 2000, in UTC.
fn read(time: &str, pattern: &str) -> Option<DateTime<Utc>> {
    let mut parsed = Parsed::new();
    parse(&mut parsed, time, StrftimeItems::new(pattern)).ok()?;
    let has_year = parsed.year().is_some() || parsed.year_mod_100().is_some();
    if !has_year && parsed.isoyear().is_none() {
        parsed.set_year(i64::from(YEAR)).ok()?;
    }
    let has_day = parsed.ordinal().is_some() || parsed.isoweek().is_some();
    if !has_day {
        if parsed.month().is_none() {
            parsed.set_month(1).ok()?;
        }
        if parsed.day().is_none() {
            parsed.set_day(1).ok()?;
        }
    }
    if parsed.hour_div_12().is_none() {
        // A clock of twelve hours without its half of the day shows the first.
        parsed.set_ampm(false).ok()?;
    }
    if parsed.hour_mod_12().is_none() {
        parsed.set_hour12(12).ok()?;
    }
    if parsed.minute().is_none() {
        parsed.set_minute(0).ok()?;
    }
    if parsed.offset().is_none() {
        parsed.set_offset(0).ok()?;
    }
    Some(parsed.to_datetime().ok()?.to_utc())
}

/// A time of RFC 3339, or one without its offset or its time of day.
fn from_iso8601(text: &str) -> Option<DateTime<Utc>> {
    let at = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok();
    let midnight = || {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()?
            .and_hms_opt(0, 0, 0)
    };
    let with_offset = || DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z").ok();
    Timestamp::parse(text)
        .map(|at| at.0)
        .or_else(|| Some(with_offset()?.to_utc()))
        .or_else(|| Some(at().or_else(midnight)?.and_utc()))
}

fn from_windows(ticks: i64) -> Option<DateTime<Utc>> {
    let seconds = ticks.div_euclid(TICKS).checked_sub(EPOCHS)?;
    let rest = u32::try_from(ticks.rem_euclid(TICKS)).ok()?;
    DateTime::from_timestamp(seconds, rest * 100)
}

fn to_windows(at: DateTime<Utc>) -> i128 {
    let seconds = i128::from(at.timestamp() + EPOCHS);
    seconds * i128::from(TICKS) + i128::from(at.nanosecond() / 100)
}
