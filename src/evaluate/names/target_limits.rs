//! Lengths that the directory takes, in UTF-16 units (source: the attribute tables of Active Directory's schema, and the limits
//! that synchronisation to the cloud adds).

use crate::base::Text;

/// Attributes with a limit, by name without regard to case.
const LONGEST: &[(&str, usize)] = &[
    ("displayname", 256),
    ("givenname", 64),
    ("sn", 64),
    ("middlename", 64),
    ("initials", 6),
    ("title", 128),
    ("department", 64),
    ("company", 64),
    ("division", 256),
    ("employeeid", 16),
    ("employeenumber", 512),
    ("employeetype", 256),
    ("physicaldeliveryofficename", 128),
    ("l", 128),
    ("st", 128),
    ("postalcode", 40),
    ("streetaddress", 1024),
    ("c", 3),
    ("co", 128),
    ("telephonenumber", 64),
    ("mobile", 64),
    ("description", 1024),
    ("info", 1024),
    ("mailnickname", 64),
];

/// The limit and the length of the first value that is too long.
pub(in crate::evaluate) fn over(attribute: &str, values: &[Text]) -> Option<(usize, usize)> {
    let lower = attribute.to_ascii_lowercase();
    let longest = LONGEST
        .iter()
        .find(|(name, _)| *name == lower)
        .map(|(_, longest)| *longest)?;
    values
        .iter()
        .map(|value| value.encode_utf16().count())
        .find(|length| *length > longest)
        .map(|length| (longest, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_in_utf16_units() {
        let text = |letter: &str, count: usize| [Text::from(letter.repeat(count))];
        assert_eq!(over("displayName", &text("Å", 256)), None);
        assert_eq!(over("displayName", &text("Å", 257)), Some((256, 257)));
        assert_eq!(over("department", &text("😀", 33)), Some((64, 66)));
        assert_eq!(over("somethingElse", &text("x", 5000)), None);
    }
}
