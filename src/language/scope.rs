//! What a program meets while it runs: the host's values, what it answers, how it fails, who looks on.

use core::ops::Range;

use thiserror::Error;

use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::Text;
use crate::diagnostic::OpenText;
use crate::language::environment::VariableSlot;
use crate::language::schema::FieldSlot;
use crate::language::schema::FunctionId;
use crate::language::value::RecordRef;
use crate::language::value::Value;

/// The values of the host. What it gives must have the types that schema and environment declare.
pub trait Scope {
    /// The value of a variable.
    fn variable(&self, slot: VariableSlot) -> Result<Value, DataErrorKind>;

    /// The value of a field of a record; `None` where it is absent.
    fn field(&self, record: RecordRef, field: FieldSlot) -> Result<Option<Value>, DataErrorKind>;

    /// A column of a record whose columns are open; `None` where it is absent.
    fn column(&self, record: RecordRef, name: &str) -> Option<Text> {
        let _ = (record, name);
        None
    }

    /// Calls a function of the host; a receiver is the first argument. What it makes of a `today` it tells the horizon.
    fn call(
        &self,
        function: FunctionId,
        arguments: &[Value],
        horizon: &mut Horizon,
    ) -> Result<Value, DataErrorKind> {
        let _ = (function, arguments, horizon);
        Err(DataErrorKind::Other("the function is not there"))
    }
}

/// What an expression says about an output.
#[derive(Clone, Debug, PartialEq)]
pub enum Opinion {
    /// It is this value.
    Value(Value),
    /// It is empty: what stands there is cleared.
    None,
    /// No opinion: what stands there stays.
    Keep,
}

/// Why a program gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// The data do not allow an answer.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A ceiling was reached.
    #[error(transparent)]
    Limit(#[from] LimitReached),
}

/// An error in the data, with the part of the expression that met it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct DataError {
    /// What is wrong.
    pub kind: DataErrorKind,
    /// The bytes of the expression that met it.
    pub span: Range<usize>,
}

/// What can be wrong with data. The texts never hold a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
pub enum DataErrorKind {
    /// The source has no such column: it has no opinion.
    #[error("the source has no such column")]
    NoOpinion,
    /// A field is read that is absent.
    #[error("the field is absent")]
    MissingValue,
    /// `value()` of an optional that holds none.
    #[error("the optional holds no value")]
    NoneHeld,
    /// A map has no such key.
    #[error("the map has no such key")]
    NoSuchKey,
    /// A list or text has no such position.
    #[error("the position is out of range")]
    IndexOutOfRange,
    /// A number or day leaves what can be held.
    #[error("the result is out of range")]
    Overflow,
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// Remainder of a division by zero.
    #[error("remainder of a division by zero")]
    ModulusByZero,
    /// A text is not what it is to be turned into.
    #[error("the text cannot be converted")]
    Conversion,
    /// A function cannot take an argument.
    #[error("an argument cannot be used")]
    BadArgument,
    /// A value is of another type than was declared. Only what a host gives can be: what was checked makes no such value.
    #[error("a value is of another type than was declared")]
    WrongType,
    /// A regular expression that is none.
    #[error("the regular expression is not valid")]
    BadPattern,
    /// A map literal has one key twice.
    #[error("the map has one key twice")]
    RepeatedKey,
    /// A value is larger than [`Limits`](crate::base::Limits) says that one may be, read or built.
    #[error("the value is too large")]
    TooLarge,
    /// A reference leads nowhere.
    #[error("the reference leads nowhere")]
    Unresolved,
    /// A table has no row for the key.
    #[error("the table has no row for the key")]
    NoSuchRow,
    /// What a host says in a fixed sentence.
    #[error("{0}")]
    Other(&'static str),
}

impl From<&DataError> for OpenText {
    fn from(error: &DataError) -> Self {
        Self::vouched(error.kind)
    }
}

impl DataErrorKind {
    /// The word for it, for documents and programs; it stays the same.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoOpinion => "no_opinion",
            Self::MissingValue => "missing_value",
            Self::NoneHeld => "none_held",
            Self::NoSuchKey => "no_such_key",
            Self::IndexOutOfRange => "index_out_of_range",
            Self::Overflow => "overflow",
            Self::DivisionByZero => "division_by_zero",
            Self::ModulusByZero => "modulus_by_zero",
            Self::Conversion => "conversion",
            Self::BadArgument => "bad_argument",
            Self::WrongType => "wrong_type",
            Self::BadPattern => "bad_pattern",
            Self::RepeatedKey => "repeated_key",
            Self::TooLarge => "too_large",
            Self::Unresolved => "unresolved",
            Self::NoSuchRow => "no_such_row",
            Self::Other(_) => "other",
        }
    }
}

/// A node of a program: counted from 0, the same in every run of the same program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// Its number.
    pub const fn index(self) -> u32 {
        self.0
    }
}

/// Looks on while a program runs. `()` looks at nothing, at no cost.
pub trait Observer {
    /// Whether it looks at all. Where it does not, the machine has no code that would tell it anything.
    const LOOKS: bool = true;

    /// A node gave a value.
    fn value(&mut self, node: NodeId, span: Range<usize>, value: &Value) {
        let _ = (node, span, value);
    }

    /// A node failed.
    fn failed(&mut self, node: NodeId, span: Range<usize>, failure: &Failure) {
        let _ = (node, span, failure);
    }
}

impl Observer for () {
    const LOOKS: bool = false;
}
