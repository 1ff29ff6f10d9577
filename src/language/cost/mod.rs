//! How many steps a program takes at most, known before it runs.
//!
//! Two walks count the same steps: the machine, over values; and this one, over the most that those values can be. What a
//! function costs stands in one place, [`charge`], which both ask. It never falls when a value grows, so that the count of the
//! machine stays below the bound as long as what the scope gives stays within [`Sizes`]; and the machine refuses what does not.

mod bound;
mod size;

use crate::language::function::builtin::Builtin;
use crate::language::value::MapKey;
use crate::language::value::Value;

pub(crate) use bound::bound;
pub(crate) use size::Size;

/// The most that one value of a scope may be. What a program builds itself is bounded by what it is built from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes of one text.
    pub text: usize,
    /// Values of one list, and entries of one map.
    pub list: usize,
}

impl Sizes {
    /// Whether a value is within them. Lists are of one type, so that the first value tells whether to look at the others; an
    /// optional tells nothing of what the next one holds.
    pub(crate) fn hold(self, value: &Value) -> bool {
        match value {
            Value::List(values) => {
                let plain = values.first().is_none_or(is_plain);
                values.len() <= self.list && (plain || values.iter().all(|value| self.hold(value)))
            }
            Value::Map(entries) => {
                entries.len() <= self.list
                    && entries.iter().all(|(key, value)| {
                        !matches!(key, MapKey::Text(text) if text.len() > self.text)
                            && self.hold(value)
                    })
            }
            Value::Optional(Some(value)) => self.hold(value),
            value => value.as_text().is_none_or(|text| text.len() <= self.text),
        }
    }
}

fn is_plain(value: &Value) -> bool {
    value.as_text().is_none()
        && !matches!(value, Value::List(_) | Value::Map(_) | Value::Optional(_))
}

/// How much of a value a function has to look at: bytes of text, values of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) text: u64,
    pub(crate) items: u64,
}

impl Extent {
    /// The same, as far as a program may build it: so many characters, so many values.
    pub(crate) fn at_most(self, most: usize) -> Self {
        let most = wide(most);
        Self {
            text: self.text.min(most.saturating_mul(4)),
            items: self.items.min(most),
        }
    }

    /// The extent of a value; where a function looks at all texts of a list, of them together.
    pub(crate) fn of(value: &Value, deep: bool) -> Self {
        match value {
            Value::List(values) => Self {
                text: if deep {
                    let texts = values.iter().filter_map(Value::as_text);
                    texts.fold(0, |sum, text| wide(text.len()).saturating_add(sum))
                } else {
                    0
                },
                items: wide(values.len()),
            },
            value => Self {
                text: value.as_text().map_or(0, |text| wide(text.len())),
                items: 0,
            },
        }
    }
}

pub(crate) fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Steps for so many bytes of text.
pub(crate) const fn text_steps(bytes: u64) -> u64 {
    bytes >> 4
}

/// Whether a function looks at the texts in a list, and not only at the list.
pub(crate) const fn is_deep(builtin: Builtin) -> bool {
    matches!(builtin, Builtin::Sort | Builtin::Join)
}

/// Steps of a function, beside the one of the node: before it works, for what it is given.
pub(crate) fn charge(builtin: Builtin, given: impl IntoIterator<Item = Extent>) -> u64 {
    let steps = given.into_iter().fold(0_u64, |steps, extent| {
        // a pattern that is known only now is compiled; what it takes to look for it comes on top, see `matching`
        let text = match builtin {
            Builtin::Matches => extent.text.saturating_mul(16),
            _ => text_steps(extent.text),
        };
        steps.saturating_add(text).saturating_add(extent.items)
    });
    match builtin {
        // each is compared some sixteen times
        Builtin::Sort => steps.saturating_mul(16),
        Builtin::Matches => steps.saturating_add(4_096),
        _ => steps,
    }
}

/// Steps to bring so many keys, of so many bytes together, into an order: each is compared some sixteen times.
pub(crate) fn order_steps(keys: u64, bytes: u64) -> u64 {
    keys.saturating_add(text_steps(bytes)).saturating_mul(16)
}

/// Steps to bring the keys of all maps in a value into an order. It recurses as deep as the type, which is limited.
pub(crate) fn key_order(value: &Value) -> u64 {
    let all = |steps: u64, value: &Value| steps.saturating_add(key_order(value));
    match value {
        Value::List(values) => {
            if values.first().is_none_or(is_plain) {
                return 0;
            }
            values.iter().fold(0, all)
        }
        Value::Map(entries) => {
            let bytes = entries.keys().fold(0_u64, |bytes, key| match key {
                MapKey::Text(text) => bytes.saturating_add(wide(text.len())),
                MapKey::Bool(_) | MapKey::Int(_) => bytes,
            });
            entries
                .values()
                .fold(order_steps(wide(entries.len()), bytes), all)
        }
        _ => 0,
    }
}

/// Steps to look for a pattern in so many bytes of text: each is compared at some of the places of the pattern.
pub(crate) const fn matching(text: u64, weight: u64) -> u64 {
    text.saturating_mul(text_steps(weight).saturating_add(1))
}

/// Steps for what came out, after a function has worked.
pub(crate) fn charge_result(result: Extent) -> u64 {
    text_steps(result.text).saturating_add(result.items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_within_a_list_is_looked_at() {
        let sizes = Sizes { text: 3, list: 2 };
        let large = || Value::from("four");
        let small = || Value::from("abc");
        for (first, second) in [
            (small(), large()),
            (Value::none(), Value::some(large())),
            (Value::none(), Value::some(Value::list([large()]))),
            (Value::some(Value::Int(1)), Value::some(large())),
            (Value::list([]), Value::list([large()])),
            (
                Value::list([Value::none()]),
                Value::list([Value::none(), Value::some(large())]),
            ),
        ] {
            assert!(!sizes.hold(&Value::list([first.clone(), second])));
            assert!(sizes.hold(&Value::list([first.clone(), first])));
        }
        assert!(!sizes.hold(&Value::list([small(), small(), small()])));
        assert!(!sizes.hold(&Value::some(Value::list([
            Value::none(),
            Value::some(large())
        ]))));
    }
}
