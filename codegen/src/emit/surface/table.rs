//! Lines of the tables that models and calls are made of: macros of the SDK.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::parse::{Parse, ParseStream, Parser as _, Result};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Path, Token, Type, braced, parenthesized};

/// What a table says of an item.
pub(super) struct More {
    /// The type that it is or that has it.
    pub owner: String,
    /// What it is called there; empty if it is the type itself.
    pub member: String,
    /// What its calls give.
    pub gives: String,
    /// What no compiler checks.
    pub wire: String,
}

impl More {
    fn new(owner: &Ident, member: String, wire: String) -> Self {
        Self {
            owner: owner.to_string(),
            member,
            gives: String::new(),
            wire,
        }
    }
}

/// What the table in a macro of that name says, item by item.
pub(super) fn lines(name: &str, tokens: TokenStream) -> std::result::Result<Vec<More>, String> {
    let parsed = match name {
        "record" => record.parse2(tokens),
        "open_enum" => open_enum.parse2(tokens),
        "union" => union.parse2(tokens),
        "awaited" => (|input: ParseStream<'_>| call(input, "")).parse2(tokens),
        "listed" => (|input: ParseStream<'_>| call(input, "list of ")).parse2(tokens),
        _ => return Err(format!("`{name}!`")),
    };
    parsed.map_err(|error| format!("`{name}!` ({error})"))
}

/// `User { id: "id" sent, }`: names on the wire, and what requests leave out.
fn record(input: ParseStream<'_>) -> Result<Vec<More>> {
    struct Member(Ident, String);

    impl Parse for Member {
        fn parse(input: ParseStream<'_>) -> Result<Self> {
            let field: Ident = input.parse()?;
            input.parse::<Token![:]>()?;
            let name: LitStr = input.parse()?;
            let access: Ident = input.parse()?;
            let access = match access.to_string().as_str() {
                "sent" => String::new(),
                other => format!(" {other}"),
            };
            Ok(Self(field, format!(" = {:?}{access}", name.value())))
        }
    }

    let owner: Ident = input.parse()?;
    let content;
    braced!(content in input);
    let members = Punctuated::<Member, Token![,]>::parse_terminated(&content)?;
    Ok(members
        .iter()
        .map(|Member(field, more)| More::new(&owner, format!(".{field}"), more.clone()))
        .collect())
}

/// `UserStatus { Active = "ACTIVE", }`
fn open_enum(input: ParseStream<'_>) -> Result<Vec<More>> {
    struct Variant(Ident, LitStr);

    impl Parse for Variant {
        fn parse(input: ParseStream<'_>) -> Result<Self> {
            let variant = input.parse()?;
            input.parse::<Token![=]>()?;
            Ok(Self(variant, input.parse()?))
        }
    }

    let owner: Ident = input.parse()?;
    let content;
    braced!(content in input);
    let variants = Punctuated::<Variant, Token![,]>::parse_terminated(&content)?;
    Ok(variants
        .iter()
        .map(|Variant(variant, value)| {
            let wire = format!(" = {:?}", value.value());
            More::new(&owner, format!("::{variant}"), wire)
        })
        .collect())
}

/// `Pet by "kind" { Cat(Cat) = "CAT" | "TOMCAT", } else AnyPet`
fn union(input: ParseStream<'_>) -> Result<Vec<More>> {
    struct Variant(Ident, Vec<String>);

    impl Parse for Variant {
        fn parse(input: ParseStream<'_>) -> Result<Self> {
            let variant = input.parse()?;
            let content;
            parenthesized!(content in input);
            content.parse::<Type>()?;
            input.parse::<Token![=]>()?;
            let values = Punctuated::<LitStr, Token![|]>::parse_separated_nonempty(input)?;
            let values = values.iter().map(|value| format!("{:?}", value.value()));
            Ok(Self(variant, values.collect()))
        }
    }

    let owner: Ident = input.parse()?;
    input.parse::<Ident>()?;
    let discriminator: LitStr = input.parse()?;
    let content;
    braced!(content in input);
    let variants = Punctuated::<Variant, Token![,]>::parse_terminated(&content)?;
    input.parse::<Token![else]>()?;
    let base: Path = input.parse()?;
    let base = base
        .segments
        .last()
        .map(|segment| segment.ident.to_string());
    let by = format!(
        " by {:?} else {}",
        discriminator.value(),
        base.unwrap_or_default()
    );
    let kinds = variants.iter().map(|Variant(variant, values)| {
        let wire = format!(" = {}", values.join(" | "));
        More::new(&owner, format!("::{variant}"), wire)
    });
    Ok(std::iter::once(More::new(&owner, String::new(), by))
        .chain(kinds)
        .collect())
}

/// `GetUser => models::User, Operation::new("getUser", Method::GET, "/api/v1/users/{id}", &[…])`
fn call(input: ParseStream<'_>, kind: &str) -> Result<Vec<More>> {
    let owner: Ident = input.parse()?;
    input.parse::<Token![=>]>()?;
    let output: Type = input.parse()?;
    input.parse::<Token![,]>()?;
    let facts: TokenStream = input.parse()?;
    let output = output.to_token_stream().to_string().replace(' ', "");
    let facts = facts.to_string().replace(' ', "");
    Ok(vec![More {
        gives: format!(" => {kind}{output}"),
        ..More::new(&owner, String::new(), format!(" = {facts}"))
    }])
}
