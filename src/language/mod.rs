//! The expression language: a statically typed profile of CEL.
//!
//! It knows no person. A host gives a [`Schema`] (records with typed, classed fields; enums; functions), an
//! [`Environment`] of variables and, when a program runs, a [`Scope`] of values. What is accepted means what CEL says; what
//! is not is refused with a message that says what to write instead.

#[cfg(test)]
mod cases;
mod check;
mod class;
pub(crate) mod codes;
mod cost;
mod environment;
mod function;
mod machine;
mod problem;
mod program;
mod schema;
mod scope;
mod syntax;
mod types;
mod value;
mod view;
#[cfg(test)]
mod watched;

use alloc::string::String;
use alloc::vec::Vec;

pub use class::Class;
pub use cost::Sizes;
pub use environment::Environment;
pub use environment::Expected;
pub use environment::Variable;
pub use environment::VariableSlot;
pub use problem::ExpressionProblem;
pub use program::Program;
pub use program::Read;
pub use schema::EnumId;
pub use schema::FieldDeclaration;
pub use schema::FieldSlot;
pub use schema::FunctionDeclaration;
pub use schema::FunctionId;
pub use schema::NominalId;
pub use schema::RecordTypeId;
pub use schema::Schema;
pub use scope::DataError;
pub use scope::DataErrorKind;
pub use scope::Failure;
pub use scope::NodeId;
pub use scope::Observer;
pub use scope::Opinion;
pub use scope::Scope;
pub use types::Type;
pub use value::MapKey;
pub use value::RecordRef;
pub use value::Value;
pub(crate) use view::Bound;
pub(crate) use view::Condition;
pub(crate) use view::Part;
pub(crate) use view::Relation;
pub(crate) use view::Subject;
pub(crate) use view::Test;

#[cfg(test)]
pub(crate) use watched::watched;

use crate::base::Limits;

/// An expression in its canonical spelling: without comments, with single spaces, with the brackets it needs.
pub fn canonical(text: &str, limits: &Limits) -> Result<String, Vec<ExpressionProblem>> {
    let parsed = syntax::parser::parse(text, limits);
    if parsed.problems.is_empty() {
        Ok(syntax::print::print(&parsed.tree))
    } else {
        Err(parsed.problems)
    }
}

/// Whether a function may be declared under a name: an identifier, or several with dots between them.
pub(crate) fn is_function_name(name: &str) -> bool {
    name.split('.').all(syntax::word::is_name)
}

/// Whether the language itself has a function or macro of that name.
pub(crate) fn is_own_function(name: &str) -> bool {
    function::table::TABLE.iter().any(|row| row.0 == name) || check::MACROS.contains(&name)
}

/// Compiles an expression, or says everything that is wrong with it.
pub fn compile(
    text: &str,
    schema: &Schema,
    environment: &Environment,
    expected: &Expected,
    limits: &Limits,
) -> Result<Program, Vec<ExpressionProblem>> {
    let parsed = syntax::parser::parse(text, limits);
    check::check(text, parsed, schema, environment, expected, limits)
}
