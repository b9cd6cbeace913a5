//! Authorities that a client trusts besides those of the system.

use okta_auth::{ApiToken, ConnectFailure, OrgUrl, Pipeline, RootCertificates};

use super::server::{Authority, call, server};

#[tokio::test]
async fn a_companys_authority_is_trusted_when_it_is_named() {
    let authority = Authority::new();
    let (address, _) = server(&authority, None).await;
    let org = OrgUrl::parse(&format!("https://{address}")).unwrap();
    let builder = || Pipeline::builder(org.clone(), ApiToken::new("00abc").unwrap());

    let error = call(&builder().build().unwrap()).await.unwrap_err();
    assert_eq!(
        error.connect_failure(),
        Some(ConnectFailure::UnknownAuthority)
    );

    let trusting = builder().root_certificates(authority.roots());
    call(&trusting.build().unwrap()).await.unwrap();

    let other = builder().root_certificates(Authority::new().roots());
    assert!(call(&other.build().unwrap()).await.is_err());
}

#[tokio::test]
async fn an_authority_is_given_as_pem_or_der() {
    let authority = Authority::new();
    let (address, _) = server(&authority, None).await;
    let org = OrgUrl::parse(&format!("https://{address}")).unwrap();
    let other = Authority::new();
    for roots in [
        RootCertificates::from_pem(&format!("{}{}", other.pem, authority.pem)),
        RootCertificates::from_der(&authority.der),
    ] {
        let builder = Pipeline::builder(org.clone(), ApiToken::new("00abc").unwrap());
        let builder = builder.root_certificates(roots.unwrap());
        call(&builder.build().unwrap()).await.unwrap();
    }
}

#[test]
fn what_is_no_certificate_of_an_authority_is_refused() {
    for text in [
        "",
        "leak",
        "-----BEGIN CERTIFICATE-----\nleak\n-----END CERTIFICATE-----",
    ] {
        for refused in [
            RootCertificates::from_pem(text),
            RootCertificates::from_der(text.as_bytes()),
        ] {
            let error = refused.unwrap_err();
            assert!(
                error.is_configuration() && !format!("{error:?}").contains("leak"),
                "{error:?}"
            );
        }
    }
}
