//! The check digit that all Swedish identity numbers share: weights 2, 1, 2, 1, ….
//!
//! Not what the characters count as: the kinds differ in that, and hand in values. The decimal digits of every product
//! are added, which for single digits is the Luhn rule.

/// The ASCII check digit that belongs behind these values.
pub(super) fn check_digit(values: impl IntoIterator<Item = u8>) -> u8 {
    let mut sum: u32 = 0;
    let mut weight: u32 = 2;
    for value in values {
        sum = sum.saturating_add(decimal_sum(u32::from(value).saturating_mul(weight)));
        weight = if weight == 2 { 1 } else { 2 };
    }
    let digit = 10_u32.saturating_sub(sum % 10) % 10;
    u8::try_from(digit).map_or(b'0', ascii)
}

/// What an ASCII digit counts; other characters count nothing.
pub(super) const fn digit_value(byte: u8) -> u8 {
    if byte.is_ascii_digit() {
        byte.saturating_sub(b'0')
    } else {
        0
    }
}

/// The ASCII digit of a value below ten.
pub(super) const fn ascii(value: u8) -> u8 {
    (value % 10).saturating_add(b'0')
}

fn decimal_sum(value: u32) -> u32 {
    (value % 10)
        .saturating_add(value / 10 % 10)
        .saturating_add(value / 100 % 10)
}

#[cfg(test)]
mod tests {
    use super::check_digit;
    use super::digit_value;

    #[test]
    fn follows_the_worked_examples() {
        assert_eq!(check_digit("990210238".bytes().map(digit_value)), b'4');
        // A letter of a reserve number counts as its ASCII code.
        let reserve = "22950606FH2".bytes().map(|byte| {
            if byte.is_ascii_digit() {
                digit_value(byte)
            } else {
                byte
            }
        });
        assert_eq!(check_digit(reserve), b'0');
    }
}
