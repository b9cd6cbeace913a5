//! What users see.

use okta_emulator::Emulator;
use reqwest::Client;
use serde_json::{Value, json};

use crate::application::Application;
use crate::chromium::{Browser, ENTER, TAB, View};

tests! {
    a_user_logs_in_by_keyboard,
    a_user_consents_by_keyboard,
    a_form_finds_its_way_back_with_and_without_scripts,
    a_user_proves_a_second_factor_by_keyboard,
    a_user_sets_an_app_up_by_keyboard,
    a_user_activates_a_device,
    a_user_chooses_a_password_and_logs_out,
}

const GRACE: &str = "grace@example.com";

async fn manage(okta: &Emulator, request: reqwest::RequestBuilder) -> Value {
    let token = format!("SSWS {}", okta.token());
    let response = request.header("authorization", token).send().await.unwrap();
    assert!(response.status().is_success(), "{response:?}");
    response.json().await.unwrap_or_default()
}

async fn a_user_logs_in_by_keyboard() {
    let okta = Emulator::start().await.unwrap();
    let application = Application::start().await;
    let browser = Browser::open(View::PHONE).await;
    browser
        .visit(&application.login(&okta, okta.web_app(), &[]))
        .await;
    browser.arrive("Sign in").await;
    browser.until_focus_at("username").await;
    browser.fill(GRACE).await;
    browser.press(TAB).await;
    browser.until_focus_at("password").await;
    browser.fill("wrong").await;
    browser.press(ENTER).await;

    browser.until_said("Unable to sign in").await;
    let alert = browser.one("[role=alert]").await;
    assert_eq!(alert.text().await.unwrap(), "Unable to sign in");
    let name = browser.one("#username").await;
    assert_eq!(name.prop("value").await.unwrap().as_deref(), Some(GRACE));
    // What was right is still there, and what was wrong is to be typed next.
    browser.until_focus_at("password").await;
    browser.fill(okta.password()).await;
    browser.press(ENTER).await;
    browser.until_said("code state").await;
    let url = browser.current_url().await.unwrap();
    assert!(url.as_str().starts_with(&application.callback), "{url}");
}

async fn a_user_consents_by_keyboard() {
    let okta = Emulator::start().await.unwrap();
    let application = Application::start().await;
    let client = okta.web_app();
    let http = Client::builder().no_proxy().build().unwrap();
    let app = format!("{}/api/v1/apps/{}", okta.org_url(), client.client_id);
    let mut changed = manage(&okta, http.get(&app)).await;
    changed["settings"]["oauthClient"]["consent_method"] = json!("REQUIRED");
    manage(&okta, http.put(&app).json(&changed)).await;

    let browser = Browser::open(View::DESKTOP).await;
    let login = application.login(&okta, client, &[("login_hint", GRACE)]);
    browser.visit(&login).await;
    browser.until_focus_at("password").await;
    browser.fill(okta.password()).await;
    browser.press(ENTER).await;
    browser.until_said("would like to have").await;
    assert!(browser.said().await.contains("profile"));
    // The first button says no.
    browser.press(TAB).await;
    browser.press(ENTER).await;
    browser.until_said("error error_description state").await;
    browser.visit(&login).await;
    browser.until_said("would like to have").await;
    browser.press(&TAB.repeat(2)).await;
    browser.press(ENTER).await;
    browser.until_said("code state").await;
}

const TWO: (&str, &str) = ("acr_values", "urn:okta:loa:2fa:any");

async fn a_user_proves_a_second_factor_by_keyboard() {
    let okta = Emulator::start().await.unwrap();
    let application = Application::start().await;
    let http = Client::builder().no_proxy().build().unwrap();
    let factors = format!(
        "{}/api/v1/users/{GRACE}/factors?activate=true",
        okta.org_url()
    );
    let phone = json!({ "phoneNumber": "+1-555-415-1337" });
    let sms = json!({ "factorType": "sms", "provider": "OKTA", "profile": phone });
    let push = json!({ "factorType": "push", "provider": "OKTA" });
    let sms = manage(&okta, http.post(&factors).json(&sms)).await;
    let push = manage(&okta, http.post(&factors).json(&push)).await;
    let id = |factor: &Value| factor["id"].as_str().unwrap().to_owned();
    let browser = Browser::open(View::PHONE.without_scripts()).await;
    let hinted = [TWO, ("login_hint", GRACE)];
    browser
        .visit(&application.login(&okta, okta.web_app(), &hinted))
        .await;
    browser.fill(okta.password()).await;
    browser.press(ENTER).await;
    browser.arrive("Verify it is you").await;
    // The factors come in the order in which they were set up.
    browser.press(TAB).await;
    browser.press(ENTER).await;
    browser.until_said("Send another code").await;
    browser.until_focus_at("code").await;
    browser.fill("000000").await;
    browser.press(ENTER).await;
    browser.until_said("The code is wrong or has expired").await;
    browser.until_focus_at("code").await;
    browser
        .named("Choose another way")
        .await
        .click()
        .await
        .unwrap();
    browser.until_said("Choose how:").await;
    browser.press(&TAB.repeat(2)).await;
    browser.press(ENTER).await;
    browser.until_said("Accept the request on your phone").await;
    browser.press(ENTER).await;
    browser.until_said("Send another request").await;
    assert_eq!(okta.answer_pushes(&id(&push), true), 1);
    browser.press(ENTER).await;
    browser.until_said("code state").await;
    assert!(okta.passcode(&id(&sms)).is_some());
}

async fn a_user_sets_an_app_up_by_keyboard() {
    let okta = Emulator::start().await.unwrap();
    let application = Application::start().await;
    let http = Client::builder().no_proxy().build().unwrap();
    let browser = Browser::open(View::PHONE.dark()).await;
    let hinted = [TWO, ("login_hint", GRACE)];
    browser
        .visit(&application.login(&okta, okta.web_app(), &hinted))
        .await;
    browser.fill(okta.password()).await;
    browser.press(ENTER).await;
    browser.arrive("Set up an authenticator app").await;
    let secret = browser.one("#secret").await.text().await.unwrap();
    let link = browser.one("#otpauth").await.prop("href").await.unwrap();
    assert!(link.unwrap().contains(&format!("secret={secret}&")));
    browser.until_focus_at("code").await;
    let factors = format!("{}/api/v1/users/{GRACE}/factors", okta.org_url());
    let listed = manage(&okta, http.get(&factors)).await;
    let app = listed[0]["id"].as_str().unwrap();
    browser.fill(&okta.passcode(app).unwrap()).await;
    browser.press(ENTER).await;
    browser.until_said("code state").await;
}

async fn a_form_finds_its_way_back_with_and_without_scripts() {
    let okta = Emulator::start().await.unwrap();
    okta.oauth().log_in_automatically(Some(GRACE)).unwrap();
    let application = Application::start().await;
    let by_form = [("response_mode", "form_post")];
    let login = application.login(&okta, okta.web_app(), &by_form);
    let browser = Browser::open(View::DESKTOP).await;
    browser.visit(&login).await;
    browser.until_said("code state").await;
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:?}");

    let browser = Browser::open(View::DESKTOP.without_scripts()).await;
    browser.visit(&login).await;
    browser.arrive("Back to the application").await;
    browser.named("Continue").await.click().await.unwrap();
    browser.until_said("code state").await;
}

async fn a_user_activates_a_device() {
    let okta = Emulator::start().await.unwrap();
    let http = Client::builder().no_proxy().build().unwrap();
    let form = [
        ("client_id", okta.native_app().client_id.as_str()),
        ("scope", "openid"),
    ];
    let url = format!("{}/v1/device/authorize", okta.issuer());
    let device = http.post(url).form(&form).send().await.unwrap();
    let device: Value = device.json().await.unwrap();
    let browser = Browser::open(View::PHONE).await;
    browser
        .visit(device["verification_uri_complete"].as_str().unwrap())
        .await;
    let code = browser.one("#user_code").await.prop("value").await.unwrap();
    assert_eq!(code.as_deref(), device["user_code"].as_str());
    browser.until_focus_at("username").await;
    browser.fill(GRACE).await;
    browser.press(TAB).await;
    browser.fill(okta.password()).await;
    // A form is sent by its first button, which must not be the one that says yes.
    browser.named("Activate").await.click().await.unwrap();
    browser.until_said("Device activated").await;

    // Whoever comes without a code types it.
    browser
        .visit(device["verification_uri"].as_str().unwrap())
        .await;
    browser.until_focus_at("user_code").await;
    browser.fill("WRONGONE").await;
    browser.press(TAB).await;
    browser.fill(GRACE).await;
    browser.press(TAB).await;
    browser.fill(okta.password()).await;
    browser.named("Activate").await.click().await.unwrap();
    browser.until_said("Invalid code. Try again.").await;
}

async fn a_user_chooses_a_password_and_logs_out() {
    let okta = Emulator::start().await.unwrap();
    let http = Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/api/v1/users", okta.org_url());
    let person = json!({ "profile": {
        "login": "new@example.com", "email": "new@example.com",
        "firstName": "New", "lastName": "Person",
    }});
    manage(&okta, http.post(url).json(&person)).await;
    let link = okta.messages().remove(0).link.unwrap();
    let browser = Browser::open(View::DESKTOP).await;
    browser.visit(&link).await;
    assert!(browser.said().await.contains("new@example.com"));
    browser.fill("correct horse battery").await;
    browser.press(ENTER).await;
    browser.until_said("Your password is set").await;
    browser.visit(&link).await;
    browser.arrive("The link has expired").await;

    browser
        .visit(&format!("{}/login/signout", okta.org_url()))
        .await;
    browser.arrive("Signed out").await;
    browser.visit(&format!("{}/nowhere", okta.org_url())).await;
    browser.arrive("No such page").await;
}
