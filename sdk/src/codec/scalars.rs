//! Places of Rust's own types.

use std::collections::BTreeMap;

use okta_auth::Secret;
use serde_json::Value;

use super::{Dictionary, Fit, Mismatch, Opened, Opening, Place, Scalar, Slot, View};

impl Place for String {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        match scalar {
            // Places are filled once: there is nothing to reuse.
            Scalar::Text(text) => *self = text.to_owned(),
            _ => {
                return Err(Mismatch {
                    expected: "a string",
                });
            }
        }
        Ok(())
    }

    fn open(&mut self, _: Opening) -> Opened<'_> {
        Opened::Refused(Mismatch {
            expected: "a string",
        })
    }

    fn view(&self) -> View<'_> {
        View::Text(self)
    }
}

impl Slot for String {
    fn vacant() -> Self {
        Self::new()
    }
}

impl Place for Secret {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        let mut text = String::new();
        text.accept(scalar)?;
        *self = Self::from(text);
        Ok(())
    }

    fn open(&mut self, _: Opening) -> Opened<'_> {
        Opened::Refused(Mismatch {
            expected: "a string",
        })
    }

    fn view(&self) -> View<'_> {
        View::Secret(self.expose())
    }
}

impl Slot for Secret {
    fn vacant() -> Self {
        Self::from(String::new())
    }
}

impl Place for bool {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        match scalar {
            Scalar::Bool(value) => *self = value,
            _ => {
                return Err(Mismatch {
                    expected: "a boolean",
                });
            }
        }
        Ok(())
    }

    fn open(&mut self, _: Opening) -> Opened<'_> {
        Opened::Refused(Mismatch {
            expected: "a boolean",
        })
    }

    fn view(&self) -> View<'_> {
        View::Bool(*self)
    }
}

impl Slot for bool {
    fn vacant() -> Self {
        false
    }
}

/// Up to here an `f64` tells neighbouring whole numbers apart.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

impl Place for i64 {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        match scalar {
            Scalar::Integer(value) => *self = value,
            // JSON has one kind of number: `5.0` is whole.
            Scalar::Float(value) if value.fract() == 0.0 && value.abs() <= LARGEST_EXACT => {
                *self = value as Self;
            }
            _ => {
                return Err(Mismatch {
                    expected: "a whole number",
                });
            }
        }
        Ok(())
    }

    fn open(&mut self, _: Opening) -> Opened<'_> {
        Opened::Refused(Mismatch {
            expected: "a whole number",
        })
    }

    fn view(&self) -> View<'_> {
        View::Integer(*self)
    }
}

impl Slot for i64 {
    fn vacant() -> Self {
        0
    }
}

impl Place for Value {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        *self = scalar.into();
        Ok(())
    }

    fn open(&mut self, _: Opening) -> Opened<'_> {
        Opened::Json(self)
    }

    fn view(&self) -> View<'_> {
        View::Json(self)
    }
}

impl Slot for Value {
    fn vacant() -> Self {
        Self::Null
    }
}

impl<T: Slot> Place for Option<T> {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        if matches!(scalar, Scalar::Absent | Scalar::Null) {
            *self = None;
            return Ok(());
        }
        self.insert(T::vacant()).accept(scalar)
    }

    fn open(&mut self, opening: Opening) -> Opened<'_> {
        self.insert(T::vacant()).open(opening)
    }

    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Absent, Place::view)
    }
}

impl<T: Slot> Place for Box<T> {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        self.as_mut().accept(scalar)
    }

    fn open(&mut self, opening: Opening) -> Opened<'_> {
        self.as_mut().open(opening)
    }

    fn view(&self) -> View<'_> {
        self.as_ref().view()
    }
}

impl<T: Slot> Slot for Box<T> {
    fn vacant() -> Self {
        Self::new(T::vacant())
    }
}

impl<T: Slot> Dictionary for BTreeMap<String, T> {
    fn entry(&mut self, key: &str) -> &mut dyn Place {
        self.remove(key);
        BTreeMap::entry(self, key.to_owned()).or_insert_with(T::vacant)
    }

    fn each(&self, visit: &mut dyn FnMut(&str, &dyn Place) -> bool) {
        for (key, value) in self {
            if !visit(key, value) {
                break;
            }
        }
    }

    fn size(&self) -> usize {
        self.len()
    }
}

impl<T: Slot> Place for BTreeMap<String, T> {
    fn accept(&mut self, _: Scalar<'_>) -> Fit {
        Err(Mismatch {
            expected: "an object",
        })
    }

    fn open(&mut self, opening: Opening) -> Opened<'_> {
        match opening {
            Opening::Object => {
                self.clear();
                Opened::Dictionary(self)
            }
            Opening::Array => Opened::Refused(Mismatch {
                expected: "an object",
            }),
        }
    }

    fn view(&self) -> View<'_> {
        View::Dictionary(self)
    }
}

impl<T: Slot> Slot for BTreeMap<String, T> {
    fn vacant() -> Self {
        Self::new()
    }
}
