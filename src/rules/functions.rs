//! The functions of rules beside those of the language: the domain's own and the host's, one declaration for checker, machine
//! and documentation.
//!
//! `ref` and `per_mille` are for source maps, `under` for rules.

use alloc::collections::BTreeMap;
use alloc::vec;

use crate::base::Text;
use crate::language::DataErrorKind;
use crate::language::FunctionDeclaration;
use crate::language::FunctionId;
use crate::language::Type;
use crate::language::Value;
use crate::language::is_own_function;
use crate::model::ModelSchema;
use crate::model::RecordKind;
use crate::rules::check::environment::is_variable;
use crate::rules::host::HostFunction;

/// The functions, by their ids.
#[derive(Clone, Debug)]
pub(crate) struct Functions {
    /// `ref(source_and_kind, record_id)`: a reference to a record of a source.
    pub(crate) reference: FunctionId,
    /// `per_mille(text)`: a share in per cent, with decimal comma or point, in thousandths.
    pub(crate) per_mille: FunctionId,
    /// `unit.under(code)`: whether a unit is the unit of that code, or below it.
    pub(crate) under: FunctionId,
    /// What the host brings along.
    host: BTreeMap<FunctionId, HostFunction>,
}

/// The names of the domain's functions.
const NAMES: [&str; 3] = ["ref", "per_mille", "under"];

/// Whether a name is that of a function of the language or of the domain, or would be read as a field of a variable.
pub(crate) fn is_taken(name: &str) -> bool {
    let prefix = name.split_once('.').map(|(prefix, _)| prefix);
    NAMES.contains(&name) || is_own_function(name) || prefix.is_some_and(is_variable)
}

impl Functions {
    /// Declares the functions in a schema.
    pub(crate) fn declare(schema: &mut ModelSchema, host: &[HostFunction]) -> Self {
        let unit = schema.record_type(RecordKind::Unit);
        let language = &mut schema.language;
        Self {
            reference: language.function(
                FunctionDeclaration::new("ref", vec![Type::Text, Type::Text], Type::Text)
                    .doc("a reference to a record of a source: `ref(\"heroma.employment\", record.CHEF)`"),
            ),
            per_mille: language.function(
                FunctionDeclaration::new("per_mille", vec![Type::Text], Type::Int)
                    .doc("a share written in per cent, such as `75,50`, in thousandths"),
            ),
            under: language.function(
                FunctionDeclaration::new("under", vec![Type::Text], Type::Bool)
                    .on(unit)
                    .doc("whether a unit is the unit of that code, or below it; one that took the place of another is meant by the code of that one too"),
            ),
            host: host
                .iter()
                .map(|function| {
                    let id = language.function(function.declaration.clone());
                    (id, function.clone())
                })
                .collect(),
        }
    }

    /// Calls a function that needs nothing but its arguments.
    pub(crate) fn call_pure(
        &self,
        function: FunctionId,
        arguments: &[Value],
    ) -> Result<Value, DataErrorKind> {
        let text = |position: usize| {
            arguments
                .get(position)
                .and_then(Value::as_text)
                .ok_or(DataErrorKind::BadArgument)
        };
        if function == self.reference {
            let (kind, id) = (text(0)?, text(1)?);
            return Ok(Value::Text(if id.trim().is_empty() {
                Text::from("")
            } else {
                Text::from(alloc::format!("{kind}:{}", id.trim()))
            }));
        }
        if function == self.per_mille {
            return per_mille(text(0)?)
                .map(Value::Int)
                .ok_or(DataErrorKind::Conversion);
        }
        match self.host.get(&function) {
            Some(host) => host.call(arguments),
            None => Err(DataErrorKind::Other("the function cannot stand here")),
        }
    }
}

/// A share in per cent, with at most one decimal that counts, in thousandths.
fn per_mille(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('%').trim_end();
    let (whole, decimals) = text.split_once([',', '.']).unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|letter| letter.is_ascii_digit());
    if whole.is_empty() || whole.len() > 4 || !digits(whole) || !digits(decimals) {
        return None;
    }
    let tenth = decimals
        .chars()
        .next()
        .and_then(|digit| digit.to_digit(10))
        .unwrap_or(0);
    whole
        .parse::<i64>()
        .ok()?
        .checked_mul(10)?
        .checked_add(i64::from(tenth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_thousandths_and_never_floats() {
        for (text, expected) in [
            ("75,00", Some(750)),
            ("100", Some(1000)),
            ("62.5", Some(625)),
            ("0,5 %", Some(5)),
            ("", None),
            ("half", None),
            ("-1", None),
            ("99999", None),
        ] {
            assert_eq!(per_mille(text), expected, "{text}");
        }
    }
}
