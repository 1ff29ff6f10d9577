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
