//! OAuth 2.0 and OpenID Connect: every flow that Okta offers.
//!
//! # The words
//! - An **authorization server** logs users in and issues tokens. Its **issuer** is the URL that
//!   it goes by, [`Issuer`](crate::Issuer). An Okta org has one of its own and may have custom ones,
//!   such as `default`.
//! - A **client** is your program, as Okta knows it: an app integration with a client id. A
//!   *confidential* client can keep a secret or a private key and proves with it who it is
//!   ([`ClientAuthentication`]). A *public* one (a command line tool, a mobile app) cannot.
//! - An **access token** lets its bearer use an API. A **scope** is one thing that it allows, such
//!   as `okta.users.read`.
//! - An **ID token** tells the client who has logged in. It is a signed JWT, and [`OAuthClient`]
//!   checks each one before you see it. Asking for the scope `openid` gets one.
//! - A **refresh token** gets new access tokens when no user is there. Asking for
//!   `offline_access` gets one. Okta may give a new one with each use (**rotation**); keep the
//!   newest.
//! - A **grant** is what is given for tokens: a code, a refresh token, a password, the client's
//!   own credentials.
//! - In a **login** the browser is sent to Okta and comes back to the **redirect URI** with a
//!   **code**, which is worth tokens once. Three random values keep strangers out: **state** ties
//!   the answer to the browser that asked, **nonce** ties the ID token to the login, and **PKCE**
//!   (RFC 7636) ties the code to whoever began the login.
//! - **DPoP** ties tokens to a key, so that a stolen one is of no use: [`Dpop`](crate::Dpop).
//!
//! # A login in five minutes
//! ```no_run
//! use okta_auth::Issuer;
//! use okta_auth::oauth::{Callback, ClientAuthentication, Login, OAuthClient};
//!
//! # async fn run(save: impl Fn(&Login), load: impl Fn() -> Login, query: &str)
//! # -> Result<(), okta_auth::Error> {
//! let issuer = Issuer::parse("https://acme.okta.com/oauth2/default")?;
//! let oauth = OAuthClient::builder(issuer, "0oa1b2c3d4e5f6g7h8i9")
//!     .authentication(ClientAuthentication::secret_basic("the client secret"))
//!     .redirect_uri("http://localhost:8000/callback")?
//!     .build()?;
//!
//! // GET /login: remember the login in the user's session, and send the browser to Okta.
//! let login = oauth.login().scopes(["openid", "profile", "email"]).start().await?;
//! save(&login);
//! println!("redirect to {}", login.url());
//!
//! // GET /callback: take the login out of the session again.
//! let callback = Callback::parse(query)?;
//! let tokens = oauth.exchange_code(&load(), &callback).await?;
//! let id_token = tokens.id_token.as_ref().expect("openid was asked for");
//! println!("hello {}", id_token.claims()?.subject);
//! # Ok(()) }
//! ```
//!
//! # Which flow
//! | who logs in, and where | flow |
//! |---|---|
//! | a user, in a browser | [`OAuthClient::login`] and [`OAuthClient::exchange_code`] |
//! | a user, at a device with no browser | [`OAuthClient::device`] |
//! | a user, on another device than the one that asks | [`OAuthClient::backchannel`] |
//! | nobody: a service | [`OAuthClient::client_credentials`] |
//! | a service for a user whose token it has | [`OAuthClient::token_exchange`] |
//! | a user of this app, for the API of another app | [`OAuthClient::cross_app_access`] |
//! | a user who has logged in at another app on the device | [`OAuthClient::native_sso`] |
//! | a user whom a JWT of a trusted issuer is about | [`OAuthClient::jwt_bearer`] |
//! | a user who was here before | [`OAuthClient::refresh`] |
//! | a user who types the password into your program | [`OAuthClient::password`]: better not |
//! | anything else | [`OAuthClient::grant`] |

mod backchannel;
mod builder;
mod callback;
mod client;
mod client_authentication;
mod client_credentials;
mod code_exchange;
mod cross_app_access;
mod device;
mod endpoint;
mod exposed;
mod form;
mod global_token_revocation;
mod grant;
mod id_token;
mod introspection;
mod jwt_bearer;
mod login;
mod login_builder;
mod logout;
mod members;
mod native_sso;
mod password;
mod pkce;
mod polling;
mod prompt;
mod pushed_request;
mod random;
mod redirect_uri;
mod refresh;
mod revocation;
mod scopes;
#[cfg(test)]
mod testing;
mod token_exchange;
mod token_kind;
mod token_request;
mod token_response;
mod token_type;
mod token_type_uri;
mod tokens;
mod user_info;

pub use self::backchannel::{Backchannel, BackchannelLogin, UserHint};
pub use self::builder::OAuthClientBuilder;
pub use self::callback::Callback;
pub use self::client::OAuthClient;
pub use self::client_authentication::ClientAuthentication;
pub use self::client_credentials::ClientCredentials;
pub use self::cross_app_access::{CrossAppAccess, IdentityAssertion};
pub use self::device::{Device, DeviceLogin};
pub use self::global_token_revocation::{Subject, revoke_all_tokens};
pub use self::grant::Grant;
pub use self::id_token::IdToken;
pub use self::introspection::{Introspection, IntrospectionCache};
pub use self::jwt_bearer::JwtBearer;
pub use self::login::Login;
pub use self::login_builder::LoginBuilder;
pub use self::logout::LogoutUrl;
pub use self::native_sso::NativeSso;
pub use self::password::Password;
pub use self::polling::Poll;
pub use self::prompt::Prompt;
pub use self::refresh::Refresh;
pub use self::scopes::Scopes;
pub use self::token_exchange::{ExchangeToken, TokenExchange};
pub use self::token_kind::TokenKind;
pub use self::token_type::TokenType;
pub use self::token_type_uri::TokenTypeUri;
pub use self::tokens::Tokens;
pub use self::user_info::{UserInfo, UserInfoToken};
