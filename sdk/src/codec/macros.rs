//! What a generated model implements, given its table.
//!
//! All of it is `#[inline]`: a program compiles what it uses of a model, and this crate nothing of
//! those that it does not use itself.

/// Implements everything for an object: `record! { User { id: "id" sent, … } }`.
///
/// Properties come sorted by JSON name, since decoding looks them up by halving.
macro_rules! record {
    ($name:ident { $($field:ident: $json:literal $access:ident,)* }) => {
        const _: () = {
            static SHAPE: $crate::codec::Shape = $crate::codec::Shape {
                name: stringify!($name),
                properties: &[$($crate::codec::Property::$access($json)),*],
            };

            // One name for each index, so that the two matches below cannot disagree. The last is
            // nobody's: some objects have no properties, and an enum has to have a variant.
            #[allow(dead_code, non_camel_case_types, clippy::upper_case_acronyms)]
            #[repr(usize)]
            enum Index { $($field,)* Extra }

            impl $crate::codec::Record for $name {
                #[inline]
                fn shape(&self) -> &'static $crate::codec::Shape {
                    &SHAPE
                }

                #[inline]
                fn slot(&mut self, index: usize) -> Option<&mut dyn $crate::codec::Place> {
                    $(if index == Index::$field as usize { return Some(&mut self.$field); })*
                    let _ = index;
                    None
                }

                #[inline]
                fn get(&self, index: usize) -> Option<&dyn $crate::codec::Place> {
                    $(if index == Index::$field as usize { return Some(&self.$field); })*
                    let _ = index;
                    None
                }

                #[inline]
                fn extra(&self) -> &$crate::codec::Extra {
                    &self.extra
                }

                #[inline]
                fn extra_mut(&mut self) -> &mut $crate::codec::Extra {
                    &mut self.extra
                }
            }

            impl $crate::codec::Place for $name {
                #[inline]
                fn accept(&mut self, _: $crate::codec::Scalar<'_>) -> $crate::codec::Fit {
                    Err($crate::codec::Mismatch { expected: "an object" })
                }

                #[inline]
                fn open(&mut self, opening: $crate::codec::Opening) -> $crate::codec::Opened<'_> {
                    match opening {
                        $crate::codec::Opening::Object => $crate::codec::Opened::Record(self),
                        $crate::codec::Opening::Array => $crate::codec::Opened::Refused(
                            $crate::codec::Mismatch { expected: "an object" },
                        ),
                    }
                }

                #[inline]
                fn view(&self) -> $crate::codec::View<'_> {
                    $crate::codec::View::Record(self)
                }
            }

            impl $crate::codec::Slot for $name {
                #[inline]
                fn vacant() -> Self {
                    Self::default()
                }
            }
        };

        $crate::codec::macros::through_codec!($name);
    };
}

/// Implements everything for a tagged union:
/// `union! { Application by "signOnMode" { Saml(SamlApplication) = "SAML_2_0", … } else ApplicationBase }`.
#[allow(unused_macros)] // some parts of the API have none
macro_rules! union {
    ($name:ident by $discriminator:literal {
        $($variant:ident($ty:ty) = $($value:literal)|+,)*
    } else $base:ty) => {
        const _: () = {
            impl $crate::codec::Union for $name {
                #[inline]
                fn discriminator(&self) -> &'static str {
                    $discriminator
                }

                #[inline]
                fn choose(&mut self, tag: Option<&str>) -> &mut dyn $crate::codec::Record {
                    *self = match tag {
                        $(Some($($value)|+) => Self::$variant(Default::default()),)*
                        _ => Self::Unrecognized(Default::default()),
                    };
                    match self {
                        $(Self::$variant(record) => record.as_mut(),)*
                        Self::Unrecognized(record) => record.as_mut(),
                    }
                }
            }

            impl $crate::codec::Place for $name {
                #[inline]
                fn accept(&mut self, _: $crate::codec::Scalar<'_>) -> $crate::codec::Fit {
                    Err($crate::codec::Mismatch { expected: "an object" })
                }

                #[inline]
                fn open(&mut self, opening: $crate::codec::Opening) -> $crate::codec::Opened<'_> {
                    match opening {
                        $crate::codec::Opening::Object => $crate::codec::Opened::Union(self),
                        $crate::codec::Opening::Array => $crate::codec::Opened::Refused(
                            $crate::codec::Mismatch { expected: "an object" },
                        ),
                    }
                }

                #[inline]
                fn view(&self) -> $crate::codec::View<'_> {
                    match self {
                        $(Self::$variant(record) => $crate::codec::View::Record(record.as_ref()),)*
                        Self::Unrecognized(record) => {
                            $crate::codec::View::Record(record.as_ref())
                        }
                    }
                }
            }

            impl $crate::codec::Slot for $name {
                #[inline]
                fn vacant() -> Self {
                    Self::Unrecognized(Default::default())
                }
            }

            $(impl From<$ty> for $name {
                #[inline]
                fn from(value: $ty) -> Self {
                    Self::$variant(Box::new(value))
                }
            }

            impl $crate::Body<$name> for $ty {
                #[inline]
                fn place(&self) -> &dyn $crate::codec::Place {
                    self
                }
            }

            impl $crate::Body<$name> for &$ty {
                #[inline]
                fn place(&self) -> &dyn $crate::codec::Place {
                    *self
                }
            })*
        };

        $crate::codec::macros::through_codec!($name);
    };
}

/// `Serialize`, `Deserialize`, `Debug` and `PartialEq` of a model, all by the codec.
macro_rules! through_codec {
    ($name:ident) => {
        impl $name {
            /// JSON paths of the members, at any depth, whose value did not fit, such as
            /// `profile.login`. Their fields are `None` although something came, which is in
            /// `extra` under the same name: look here before you delete what seems absent.
            #[inline]
            pub fn unfit(&self) -> Vec<String> {
                $crate::codec::unfit(self)
            }
        }

        impl serde::Serialize for $name {
            #[inline]
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::codec::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::codec::deserialize(deserializer)
            }
        }

        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::codec::debug(self, formatter)
            }
        }

        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::codec::equal(self, other)
            }
        }
    };
}

/// Implements everything for a string enum: `open_enum! { UserStatus { Active = "ACTIVE", … } }`.
macro_rules! open_enum {
    ($name:ident { $($variant:ident = $value:literal,)* }) => {
        impl $name {
            /// Every value that Okta's document names.
            pub const VALUES: &'static [&'static str] = &[$($value),*];

            /// The value on the wire.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unrecognized(value) => value,
                }
            }

            #[inline]
            fn known(value: &str) -> Option<Self> {
                match value {
                    $($value => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        $crate::codec::macros::open_enum_traits!($name);
    };
}

/// What all string enums implement alike.
macro_rules! open_enum_traits {
    ($name:ident) => {
        impl From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                Self::known(value).unwrap_or_else(|| Self::Unrecognized(value.to_owned()))
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(value: String) -> Self {
                Self::known(&value).unwrap_or(Self::Unrecognized(value))
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(self.as_str(), formatter)
            }
        }

        impl $crate::codec::Place for $name {
            #[inline]
            fn accept(&mut self, scalar: $crate::codec::Scalar<'_>) -> $crate::codec::Fit {
                *self = match scalar {
                    $crate::codec::Scalar::Text(text) => text.into(),
                    _ => {
                        return Err($crate::codec::Mismatch {
                            expected: "a string",
                        });
                    }
                };
                Ok(())
            }

            #[inline]
            fn open(&mut self, _: $crate::codec::Opening) -> $crate::codec::Opened<'_> {
                $crate::codec::Opened::Refused($crate::codec::Mismatch {
                    expected: "a string",
                })
            }

            #[inline]
            fn view(&self) -> $crate::codec::View<'_> {
                $crate::codec::View::Text(self.as_str())
            }
        }

        impl $crate::codec::Slot for $name {
            #[inline]
            fn vacant() -> Self {
                Self::Unrecognized(String::new())
            }
        }

        impl serde::Serialize for $name {
            #[inline]
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::codec::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use {open_enum, open_enum_traits, record, through_codec, union};
