//! The forms in which a value could stand in a document.

use std::prelude::v1::*;

use folkform::base::fold;
use folkform::base::fold_case;
use folkform::base::sha256_hex;

/// Every form of a value: as it is, in another case, transliterated, escaped, percent-encoded, in base64 whatever stands before
/// it, and, of an identity number, with and without century and separator.
pub(crate) fn forms(value: &str) -> Vec<String> {
    let mut plain = vec![
        value.to_owned(),
        value.to_lowercase(),
        value.to_uppercase(),
        fold(value),
        fold_case(value),
        value.chars().rev().collect(),
    ];
    plain.extend(
        value
            .rsplit_once(['.', ' '])
            .map(|(a, b)| format!("{b}.{a}")),
    );
    if value.len() == 12 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let (day, last) = value.split_at(8);
        plain.extend([
            format!("{day}-{last}"),
            value[2..].to_owned(),
            format!("{}-{last}", &day[2..]),
            format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]),
        ]);
    }
    let mut forms = plain.clone();
    for form in &plain {
        forms.extend((0..3).map(|offset| in_base64(form, offset)));
        if !form.is_ascii() {
            forms.push(escaped(form, |letter| {
                format!("\\u{:04x}", u32::from(letter))
            }));
            for hex in [
                |byte: u8| format!("%{byte:02X}"),
                |byte: u8| format!("%{byte:02x}"),
                |byte: u8| format!("\\{byte:02x}"),
            ] {
                forms.push(escaped(form, |letter| {
                    let mut bytes = [0; 4];
                    letter.encode_utf8(&mut bytes).bytes().map(hex).collect()
                }));
            }
        }
    }
    // What is too short stands in every text by chance.
    forms.retain(|form| form.chars().count() >= 5);
    forms.extend(initials(value));
    // A number has few values: whoever has its digest has it.
    let digest = sha256_hex(value.as_bytes());
    forms.extend([
        digest[..16].to_owned(),
        digest[digest.len() - 16..].to_owned(),
    ]);
    forms.sort();
    forms.dedup();
    forms
}

/// An initial that nothing else begins with: a Cyrillic letter, as it is and escaped.
fn initials(value: &str) -> Vec<String> {
    let first = value.chars().next();
    let rare = first.filter(|letter| ('\u{400}'..='\u{4ff}').contains(letter));
    let both = rare
        .into_iter()
        .flat_map(|letter| letter.to_lowercase().chain([letter]));
    both.flat_map(|letter| {
        let mut bytes = [0; 4];
        let bytes = letter.encode_utf8(&mut bytes).bytes();
        let hex: Vec<String> = bytes.map(|byte| format!("{byte:02x}")).collect();
        [
            letter.to_string(),
            format!("\\u{:04x}", u32::from(letter)),
            format!("%{}", hex.join("%")),
            format!("\\{}", hex.join("\\")),
        ]
    })
    .collect()
}

fn escaped(text: &str, escape: impl Fn(char) -> String) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_ascii() {
                letter.to_string()
            } else {
                escape(letter)
            }
        })
        .collect()
}

/// The part of a base64 text that stands for a value whatever comes before and after it, by what comes before modulo three.
fn in_base64(value: &str, offset: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = vec![0_u8; offset];
    bytes.extend_from_slice(value.as_bytes());
    // The first letters hold bits of what comes before, the last ones bits of what comes after.
    let first = [0, 2, 3][offset];
    let last = bytes.len() * 8 / 6;
    let bit = |at: usize| (bytes[at / 8] >> (7 - at % 8)) & 1;
    (first..last)
        .map(|letter| {
            let index = (0..6).fold(0, |index, at| index * 2 + bit(letter * 6 + at));
            char::from(ALPHABET[usize::from(index)])
        })
        .collect()
}
