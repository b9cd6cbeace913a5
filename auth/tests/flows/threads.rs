//! Clients and flows go where they are needed.

use okta_auth::Secret;
use okta_auth::oauth::{Callback, DeviceLogin, Login, OAuthClient, Tokens, UserHint};

use super::server::*;

fn crosses_threads<T: Send>(_: T) {}

#[test]
fn types_can_be_shared_by_threads() {
    fn shared<T: Clone + Send + Sync + std::fmt::Debug + 'static>() {}
    shared::<OAuthClient>();
    shared::<Tokens>();
    shared::<Login>();
    shared::<Callback>();
    shared::<DeviceLogin>();
}

/// Nothing is awaited: that it compiles is the test.
#[tokio::test]
async fn flows_can_run_on_any_thread() {
    let server = Server::start(|_, _| panic!("nothing is to be sent")).await;
    let oauth = server.client();
    let secret = Secret::from("s3cret");
    let login = oauth.login().start().await.unwrap();
    let callback = format!("code=c&state={}", login.state().expose());
    let callback = Callback::parse(&callback).unwrap();
    crosses_threads(oauth.login().start());
    crosses_threads(oauth.exchange_code(&login, &callback));
    crosses_threads(oauth.refresh(&secret).send());
    crosses_threads(oauth.client_credentials().send());
    crosses_threads(oauth.password("joe", &secret).send());
    crosses_threads(oauth.user_info(&secret));
    crosses_threads(oauth.backchannel(UserHint::login("joe")).start());
    crosses_threads(async { oauth.device().start().await?.wait().await });
}
