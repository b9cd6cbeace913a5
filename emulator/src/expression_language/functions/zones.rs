//! Time zones, by their names in the IANA database or by the abbreviations that Okta lists.

use chrono_tz::Tz;

use super::super::scope::ExpressionError;

/// What the abbreviations stand for, daylight saving time included.
///
/// Source: <https://developer.okta.com/docs/reference/okta-expression-language/#time-functions>, where
/// both forms are in the same order.
const ABBREVIATIONS: [(&str, Tz); 33] = [
    ("GMT", Tz::UTC),
    ("WET", Tz::WET),
    ("CET", Tz::CET),
    ("MET", Tz::CET),
    ("ECT", Tz::CET),
    ("EET", Tz::EET),
    ("MIT", Tz::Pacific__Apia),
    ("HST", Tz::Pacific__Honolulu),
    ("AST", Tz::America__Anchorage),
    ("PST", Tz::America__Los_Angeles),
    ("MST", Tz::America__Denver),
    ("PNT", Tz::America__Phoenix),
    ("CST", Tz::America__Chicago),
    ("EST", Tz::America__New_York),
    ("IET", Tz::America__Indiana__Indianapolis),
    ("PRT", Tz::America__Puerto_Rico),
    ("CNT", Tz::America__St_Johns),
    ("AGT", Tz::America__Argentina__Buenos_Aires),
    ("BET", Tz::America__Sao_Paulo),
    ("ART", Tz::Africa__Cairo),
    ("CAT", Tz::Africa__Harare),
    ("EAT", Tz::Africa__Addis_Ababa),
    ("NET", Tz::Asia__Yerevan),
    ("PLT", Tz::Asia__Karachi),
    ("IST", Tz::Asia__Kolkata),
    ("BST", Tz::Asia__Dhaka),
    ("VST", Tz::Asia__Ho_Chi_Minh),
    ("CTT", Tz::Asia__Shanghai),
    ("JST", Tz::Asia__Tokyo),
    ("ACT", Tz::Australia__Darwin),
    ("AET", Tz::Australia__Sydney),
    ("SST", Tz::Pacific__Guadalcanal),
    ("NST", Tz::Pacific__Auckland),
];

/// The time zone of that name.
pub(super) fn named(name: &str) -> Result<Tz, ExpressionError> {
    let mut known = ABBREVIATIONS.iter();
    if let Some((_, zone)) = known.find(|(abbreviation, _)| *abbreviation == name) {
        return Ok(*zone);
    }
    let unknown = |_| {
        ExpressionError::new(format!(
            "{name} is no time zone; write UTC or America/New_York"
        ))
    };
    name.parse().map_err(unknown)
}
