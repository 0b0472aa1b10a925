use super::*;
use crate::trust::SecretKey;

fn keys() -> [PublicKey; 3] {
    let key = |byte: u8| {
        let seed = format!("ed25519-secret:{}", format!("{byte:02x}").repeat(32));
        SecretKey::read(&seed).expect("a key").public()
    };
    [key(1), key(2), key(3)]
}

fn policy(threshold: usize) -> Policy {
    let [east, west, city] = keys();
    let office = |key, owner: &str, district: &str| TrustedKey {
        key,
        owner: owner.to_owned(),
        districts: vec![district.to_owned()],
    };
    let keys = vec![office(east, "East", "d1"), office(west, "West", "d2"), office(city, "City", WHOLE_POOL)];
    Policy { threshold, keys }
}

fn signed(keys: &[PublicKey], standing: Standing) -> Vec<Signer> {
    keys.iter().map(|it| Signer { key: *it, standing }).collect()
}

#[test]
fn an_office_adds_for_its_own_district_only() {
    let ([east, _, city], policy) = (keys(), policy(1));
    let east = signed(&[east], Standing::Valid);
    assert_eq!(policy.require(&east, Some("d1")), Ok(()));
    for elsewhere in [Some("d2"), None] {
        let refused = policy.require(&east, elsewhere);
        assert!(matches!(refused, Err(Distrust::OtherDistrict { owner, .. }) if owner == "East"));
    }
    let city = signed(&[city], Standing::Valid);
    assert_eq!((policy.require(&city, None), policy.require(&city, Some("d2"))), (Ok(()), Ok(())));
}

#[test]
fn who_signs_twice_counts_once_and_is_named() {
    let ([east, _, city], policy) = (keys(), policy(2));
    let mut signers = signed(&[east], Standing::Valid);
    signers.extend(signed(&[east, east], Standing::Repeated));
    let refused = policy.require(&signers, Some("d1"));
    let Err(Distrust::TooFew { found: 1, threshold: 2, repeated, .. }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(repeated, [east]);
    signers.extend(signed(&[city], Standing::Valid));
    assert_eq!(policy.require(&signers, Some("d1")), Ok(()));
}

#[test]
fn what_nobody_known_signed_is_not_let_in() {
    let ([east, ..], policy) = (keys(), policy(1));
    let stranger = SecretKey::generate().expect("a key").public();
    let refused = policy.require(&signed(&[stranger], Standing::Valid), None);
    assert!(matches!(refused, Err(Distrust::TooFew { found: 0, unknown, .. }) if unknown == [stranger]));
    let forged = policy.require(&signed(&[east], Standing::Invalid), Some("d1"));
    assert!(matches!(forged, Err(Distrust::TooFew { found: 0, .. })));
    assert!(policy.require(&[], Some("d1")).is_err());
    assert_eq!(Policy::default().require(&[], None), Ok(()), "without keys it is open");
}

#[test]
fn a_policy_that_cannot_hold_says_why() {
    let key = keys()[0];
    let office = format!(r#"{{"key": "{key}", "owner": "East", "districts": ["d1"]}}"#);
    for (text, words) in [
        ("{".to_owned(), "EOF"),
        (r#"{"treshold": 1}"#.to_owned(), "treshold"),
        (format!(r#"{{"threshold": 2, "keys": [{office}]}}"#), "2 for 1 keys"),
        (format!(r#"{{"threshold": 0, "keys": [{office}]}}"#), "0 for 1 keys"),
        (r#"{"threshold": 1, "keys": []}"#.to_owned(), "1 for 0 keys"),
        (format!(r#"{{"threshold": 1, "keys": [{office}, {office}]}}"#), "twice"),
        (format!(r#"{{"threshold": 1, "keys": [{}]}}"#, office.replace("East", " ")), "no name"),
        (format!(r#"{{"threshold": 1, "keys": [{}]}}"#, office.replace("[\"d1\"]", "[]")), "no districts"),
        (format!(r#"{{"threshold": 1, "keys": [{}]}}"#, office.replace("ed25519:", "rsa:")), "public key"),
    ] {
        let Err(refused) = Policy::read(text.as_bytes()) else { panic!("{text}") };
        assert!(refused.en().contains(words), "{text}: {}", refused.en());
        assert!(!refused.zh().is_ascii(), "{}", refused.zh());
    }
    let read = Policy::read(format!(r#"{{"threshold": 1, "keys": [{office}]}}"#).as_bytes());
    assert_eq!(read.expect("a policy").keys[0].owner, "East");
}
