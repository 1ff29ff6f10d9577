//! Functions that the host brings along: pure, with a typed signature, an information class and a cost.
//!
//! What a rule may call is known before it runs, so a function is declared when rules are loaded and never later. A function
//! that gives a value of another type than it declares is an error in the data of whoever asked, and never a wrong answer.
//!
//! It is handed plain values, and lists, optionals and maps of them; no records. What a rule reads is known field by field, with
//! the class of each, and that is what keeps the protected safe: a function that was handed a whole person could give away any
//! field of it. A rule hands over the fields that are needed.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use thiserror::Error;

use crate::language::DataErrorKind;
use crate::language::FunctionDeclaration;
use crate::language::Type;
use crate::language::Value;
use crate::language::is_function_name;

/// What a function of the host computes from its arguments; a receiver is the first.
pub(crate) type Compute = dyn Fn(&[Value]) -> Result<Value, DataErrorKind> + Send + Sync;

/// A function of the host.
#[derive(Clone)]
pub(crate) struct HostFunction {
    pub(crate) declaration: FunctionDeclaration,
    compute: Arc<Compute>,
}

/// Why a function cannot be registered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FunctionRefused {
    /// The name is none that an expression could call.
    #[error(
        "`{0}` is not a name, or a prefix and a name: expected letters, digits and `_`, as in `town.mask`"
    )]
    Name(String),
    /// Something of that name is there already.
    #[error(
        "`{0}` is the name of a function already: choose another, or put a prefix before it, as in `town.{0}`"
    )]
    Taken(String),
    /// A type that has no meaning outside of one rule set, or for which the horizon must be told.
    #[error(
        "`{0}` takes or gives a type that a function of the host cannot have: expected bool, int, double, text, date, \
             days, or an optional, list or map of these; hand over fields in place of a record"
    )]
    Type(String),
}

impl HostFunction {
    pub(crate) fn new(
        declaration: FunctionDeclaration,
        compute: Arc<Compute>,
    ) -> Result<Self, FunctionRefused> {
        let name = || String::from(&*declaration.name);
        if !is_function_name(&declaration.name) {
            return Err(FunctionRefused::Name(name()));
        }
        let types = declaration
            .receiver
            .iter()
            .chain(&declaration.parameters)
            .chain([&declaration.result]);
        for ty in types {
            if ty.contains(&is_foreign) {
                return Err(FunctionRefused::Type(name()));
            }
        }
        Ok(Self {
            declaration,
            compute,
        })
    }

    pub(crate) fn call(&self, arguments: &[Value]) -> Result<Value, DataErrorKind> {
        let value = (self.compute)(arguments)?;
        if value.is_of(&self.declaration.result) {
            Ok(value)
        } else {
            Err(DataErrorKind::Other(
                "a function of the host gave a value of another type than it declares",
            ))
        }
    }
}

/// Types that belong to a schema, that stand for others, or that move with the day of the run.
fn is_foreign(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Never
            | Type::Today
            | Type::Record(_)
            | Type::Enum(_)
            | Type::Nominal(_)
            | Type::Parameter(_)
    )
}

impl fmt::Debug for HostFunction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("HostFunction")
            .field(&self.declaration)
            .finish()
    }
}
