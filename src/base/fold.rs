//! Folding of names to what logins and addresses may hold.
//!
//! Swedish letters are folded by a fixed table, everything else by `any_ascii` in a pinned version, since another
//! output renames mailboxes. What comes out holds only `a-z`, `0-9`, `.` and `-`.

use alloc::string::String;

/// A text becomes at most so many times as long, counted in bytes, when it is folded.
pub const FOLD_GROWTH: u64 = 16;

/// Folds a text to `[a-z0-9.-]`: lower case, `å` and `ä` to `a`, `ö` to `o`, `é` to `e`, `ü` to `u`, other scripts by
/// transliteration. White space and all other signs are dropped; runs of `.` and `-` become one; none stands first or last.
/// Folding twice changes nothing.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'å' | 'ä' | 'Å' | 'Ä' => push_folded(&mut folded, 'a'),
            'ö' | 'Ö' => push_folded(&mut folded, 'o'),
            'é' | 'É' => push_folded(&mut folded, 'e'),
            'ü' | 'Ü' => push_folded(&mut folded, 'u'),
            letter if letter.is_ascii() => push_folded(&mut folded, letter),
            letter => {
                for ascii in any_ascii::any_ascii_char(letter).chars() {
                    push_folded(&mut folded, ascii);
                }
            }
        }
    }
    while folded.ends_with(['.', '-']) {
        folded.pop();
    }
    folded
}

/// What two names are compared by where a directory ignores case and diacritics: folded letter by letter, nothing dropped.
pub fn fold_case(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'å' | 'ä' => folded.push('a'),
            'ö' => folded.push('o'),
            letter if letter.is_ascii() => folded.push(letter),
            letter => {
                let ascii = any_ascii::any_ascii_char(letter);
                if letter.is_alphabetic() && !ascii.is_empty() {
                    folded.push_str(&ascii.to_ascii_lowercase());
                } else if !('\u{300}'..='\u{36f}').contains(&letter) {
                    folded.push(letter);
                }
            }
        }
    }
    folded
}

fn push_folded(folded: &mut String, letter: char) {
    match letter.to_ascii_lowercase() {
        letter @ ('a'..='z' | '0'..='9') => folded.push(letter),
        letter @ ('.' | '-') if !folded.is_empty() && !folded.ends_with(['.', '-']) => {
            folded.push(letter);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_grows_more() {
        for letter in char::MIN..=char::MAX {
            let folded = fold(letter.encode_utf8(&mut [0; 4]));
            let most = usize::try_from(FOLD_GROWTH).unwrap() * letter.len_utf8();
            assert!(folded.len() <= most, "{letter:?} becomes {folded}");
        }
    }

    #[test]
    fn pinned_letters() {
        for (text, folded) in [
            ("Åsa", "asa"),
            ("Örjan Sjöström", "orjansjostrom"),
            ("Anna-Karin", "anna-karin"),
            ("Linnéa", "linnea"),
            ("Müller", "muller"),
            ("Łukasz", "lukasz"),
            ("Søren", "soren"),
            ("محمد", "mhmd"),
            ("O'Brien", "obrien"),
            ("--a..b-", "a.b"),
            ("A\u{30a}sa", "asa"),
            ("‼", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn comparison_ignores_case_and_diacritics_but_drops_no_sign() {
        assert_eq!(fold_case("Åsa Berg"), fold_case("asa berg"));
        assert_eq!(fold_case("A\u{30a}sa"), fold_case("Åsa"));
        assert_ne!(fold_case("a b"), fold_case("ab"));
    }
}
