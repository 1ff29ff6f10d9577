//! The types of the language. Names of records and enums stand in the [`Schema`](super::Schema), not here.
//!
//! [`Type::Never`] fits wherever a value is wanted, and no value has it: it is the element of `[]`, the content of `none`,
//! and what an expression with a problem has, so that one fault gives one message.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use crate::language::schema::EnumId;
use crate::language::schema::NominalId;
use crate::language::schema::RecordTypeId;

/// The number of the parameter that is an enum or a text of a kind of its own.
pub(crate) const NAMED: u8 = 255;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// No value at all.
    Never,
    /// A truth value.
    Bool,
    /// A whole number of 64 bits.
    Int,
    /// A number with a fraction; it reaches no output.
    Double,
    /// A text.
    Text,
    /// A day.
    Date,
    /// The day of the run, perhaps moved by some days. Only what says when its answer changes takes it.
    Today,
    /// A number of days.
    Days,
    /// A value or none.
    Optional(Arc<Self>),
    /// Values in an order.
    List(Arc<Self>),
    /// Values by key; keys are of type bool, int or text.
    Map(Arc<Self>, Arc<Self>),
    /// A record of the schema.
    Record(RecordTypeId),
    /// An enum of the schema.
    Enum(EnumId),
    /// Text of a kind of its own, such as a reference: it equals only its like.
    Nominal(NominalId),
    /// In signatures of functions: any type, the same wherever the number is the same.
    Parameter(u8),
}

impl Type {
    /// The optional of a type.
    pub fn optional(inner: Self) -> Self {
        Self::Optional(Arc::new(inner))
    }

    /// The list of a type.
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// The map from a type to a type.
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Arc::new(key), Arc::new(value))
    }

    /// Whether a type occurs in it for which `found` says yes.
    pub fn contains(&self, found: &impl Fn(&Self) -> bool) -> bool {
        found(self)
            || match self {
                Self::Optional(inner) | Self::List(inner) => inner.contains(found),
                Self::Map(key, value) => key.contains(found) || value.contains(found),
                _ => false,
            }
    }

    /// How many types are nested in it, itself counted.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::Optional(inner) | Self::List(inner) => inner.depth().saturating_add(1),
            Self::Map(key, value) => key.depth().max(value.depth()).saturating_add(1),
            _ => 1,
        }
    }

    /// Binds the parameters of a signature so that `given` fits; whether it does. A parameter takes no `today`.
    pub(crate) fn accepts(
        &self,
        given: &Self,
        bound: &mut BTreeMap<u8, Self>,
        today: bool,
    ) -> bool {
        match (self, given) {
            (Self::Parameter(NAMED), given) => {
                matches!(given, Self::Enum(_) | Self::Nominal(_) | Self::Never)
            }
            (Self::Parameter(number), given) => {
                if !today && given.contains(&|ty| *ty == Self::Today) {
                    return false;
                }
                let common = match bound.get(number) {
                    Some(known) => known.common(given),
                    None => Some(given.clone()),
                };
                common.map(|common| bound.insert(*number, common)).is_some()
            }
            (_, Self::Never) => true,
            (Self::Optional(inner), Self::Optional(given))
            | (Self::List(inner), Self::List(given)) => inner.accepts(given, bound, today),
            (Self::Map(key, value), Self::Map(given_key, given_value)) => {
                key.accepts(given_key, bound, today) && value.accepts(given_value, bound, today)
            }
            (own, given) => own == given,
        }
    }

    /// The type with its parameters replaced by what they are bound to.
    pub(crate) fn with(&self, bound: &BTreeMap<u8, Self>) -> Self {
        match self {
            Self::Parameter(number) => bound.get(number).cloned().unwrap_or(Self::Never),
            Self::Optional(inner) => Self::optional(inner.with(bound)),
            Self::List(inner) => Self::list(inner.with(bound)),
            Self::Map(key, value) => Self::map(key.with(bound), value.with(bound)),
            known => known.clone(),
        }
    }

    /// The type of which both are; `None` where there is none.
    pub fn common(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Never, known) | (known, Self::Never) => Some(known.clone()),
            (Self::Optional(one), Self::Optional(two)) => one.common(two).map(Self::optional),
            (Self::List(one), Self::List(two)) => one.common(two).map(Self::list),
            (Self::Map(key, value), Self::Map(other_key, other_value)) => Some(Self::map(
                key.common(other_key)?,
                value.common(other_value)?,
            )),
            (one, two) => (one == two).then(|| one.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_fits_every_list() {
        let empty = Type::list(Type::Never);
        let texts = Type::list(Type::Text);
        assert_eq!(empty.common(&texts), Some(texts.clone()));
        assert_eq!(texts.common(&empty), Some(texts.clone()));
        assert_eq!(texts.common(&Type::list(Type::Int)), None);
        assert_eq!(texts.depth(), 2);
    }
}
