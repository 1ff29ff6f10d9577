//! Words that look like names and are none.

/// Words that are no names.
pub(crate) const WORDS: [&str; 4] = ["in", "true", "false", "null"];

/// Words that are kept for later.
pub(crate) const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
    "void",
    "while",
];

/// Whether a text is a name that an expression can hold: an identifier, and no word of the language.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !WORDS.contains(&text)
        && !RESERVED.contains(&text)
}

/// What to write for a word that is an operator in other languages.
pub(crate) fn operator_of_elsewhere(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "and" => Some("write `&&` for and"),
        "or" => Some("write `||` for or"),
        "not" => Some("write `!(a in b)`, or `!` before what must not hold"),
        "is" | "eq" | "equals" => Some("write `==` to compare"),
        "ne" => Some("write `!=` to compare"),
        "mod" => Some("write `%` for what is left of a division"),
        _ => None,
    }
}

/// What to write for a word that is a value, or stands before one, in other languages.
pub(crate) fn value_of_elsewhere(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "true" => Some("write `true`"),
        "false" => Some("write `false`"),
        "null" | "nil" | "undefined" | "nothing" => {
            Some("write `none` to clear, `keep()` for no opinion, `has(…)` to test")
        }
        "not" => Some("write `!` before what must not hold"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_an_identifier_and_no_word() {
        for name in ["a", "_", "a_1", "inner", "nullable"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", "a-b", "a.b", "å", "in", "null", "while"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
