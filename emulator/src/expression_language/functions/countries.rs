//! Country codes, ISO 3166-1.

use rust_iso3166::{CountryCode, from_alpha2, from_alpha3, from_numeric};
use serde_json::{Value, json};

use super::super::values::text;

/// Another code of a country, or its name. The form of the given code says which it is; what is no code
/// is nothing.
pub(super) fn convert(function: &str, code: &Value) -> Value {
    let Some(country) = country(&text(code)) else {
        return Value::Null;
    };
    json!(match function {
        "toAlpha2" => country.alpha2.to_owned(),
        "toAlpha3" => country.alpha3.to_owned(),
        "toName" => country.name.to_owned(),
        _ => country.numeric_str(),
    })
}

fn country(code: &str) -> Option<CountryCode> {
    let code = code.trim().to_ascii_uppercase();
    if let Ok(number) = code.parse() {
        return from_numeric(number);
    }
    from_alpha2(&code).or_else(|| from_alpha3(&code))
}
