//! A compiled expression: nodes without names, and what is known of it before it runs.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::base::Horizon;
use crate::base::Meter;
use crate::base::Text;
use crate::diagnostic::OpenText;
use crate::language::class::Class;
use crate::language::cost::Size;
use crate::language::cost::Sizes;
use crate::language::cost::bound;
use crate::language::environment::VariableSlot;
use crate::language::function::builtin::Builtin;
use crate::language::function::pattern::Pattern;
use crate::language::machine::run;
use crate::language::schema::FieldSlot;
use crate::language::schema::FunctionId;
use crate::language::schema::RecordTypeId;
use crate::language::scope::Failure;
use crate::language::scope::NodeId;
use crate::language::scope::Observer;
use crate::language::scope::Opinion;
use crate::language::scope::Scope;
use crate::language::syntax::tree::Operator;
use crate::language::types::Type;
use crate::language::value::Value;

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

/// How a field or position is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// `a.b`: it must be there.
    Plain,
    /// `a.?b`: an optional.
    Optional,
    /// `has(a.b)`: whether it is there.
    Present,
}

/// What a comprehension makes of its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    All,
    Exists,
    ExistsOne,
    /// A list of what the body gives.
    Map,
    /// A list of the elements for which the body holds.
    Filter,
    /// A map of what the body gives, by the same keys.
    MapEntries,
    /// A map of the entries of all maps that the body gives.
    Merge,
    /// A list of the elements in the order of what the body gives.
    SortBy,
}

/// One step of a program. Locals are numbered from the outermost.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// Stands where there was a problem; it is never run.
    Broken,
    Keep,
    Constant(Value),
    Variable(VariableSlot),
    Local(usize),
    /// A field; `through` where the target is an optional record.
    Field {
        target: NodeId,
        slot: FieldSlot,
        mode: Mode,
        through: bool,
    },
    Column {
        target: NodeId,
        name: Text,
        mode: Mode,
        through: bool,
    },
    Index {
        target: NodeId,
        index: NodeId,
        mode: Mode,
        through: bool,
    },
    Not(NodeId),
    Negate(NodeId),
    And(Box<[NodeId]>),
    Or(Box<[NodeId]>),
    Binary {
        operator: Operator,
        left: NodeId,
        right: NodeId,
    },
    Sum {
        first: NodeId,
        rest: Box<[(bool, NodeId)]>,
    },
    Choice {
        branches: Box<[(NodeId, NodeId)]>,
        otherwise: NodeId,
    },
    List(Box<[(NodeId, bool)]>),
    Map(Box<[(NodeId, NodeId, bool)]>),
    Call {
        builtin: Builtin,
        arguments: Box<[NodeId]>,
    },
    Host {
        function: FunctionId,
        cost: u64,
        arguments: Box<[NodeId]>,
    },
    /// `matches` with a pattern that was compiled before.
    Matches {
        text: NodeId,
        pattern: Arc<Pattern>,
    },
    /// `format`; `spread` where the one argument is a list.
    Format {
        template: NodeId,
        arguments: Box<[NodeId]>,
        spread: bool,
    },
    /// `or`, `orValue` and `coalesce`: the first of several optionals that holds something, and nothing after it is run. With
    /// `value` the last is no optional, and what comes out is none either.
    Otherwise {
        options: Box<[NodeId]>,
        value: bool,
    },
    /// `optMap` and `optFlatMap`.
    IfHeld {
        optional: NodeId,
        local: usize,
        body: NodeId,
        flat: bool,
    },
    Bind {
        local: usize,
        value: NodeId,
        body: NodeId,
    },
    Fold {
        fold: Fold,
        range: NodeId,
        local: usize,
        pairs: bool,
        filter: Option<NodeId>,
        body: NodeId,
    },
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of the program, and none excludes another"
)]
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) ops: Vec<Op>,
    pub(crate) spans: Vec<Range<usize>>,
    pub(crate) root: NodeId,
    pub(crate) value_size: usize,
    /// The most that what the scope gives may be.
    pub(crate) sizes: Sizes,
    /// The types of what the scope gives, by node.
    pub(crate) given: Vec<(NodeId, Type)>,
    /// How large the constants of the schema are that it reads, in the order of the nodes.
    pub(crate) measured: Vec<(NodeId, Size)>,
    /// Whether an optional result is an answer of its own, and not `none` or a value.
    pub(crate) free: bool,
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

impl Compiled {
    pub(crate) fn op(&self, node: NodeId) -> &Op {
        usize::try_from(node.0)
            .ok()
            .and_then(|index| self.ops.get(index))
            .unwrap_or(&Op::Broken)
    }

    pub(crate) fn span(&self, node: NodeId) -> Range<usize> {
        usize::try_from(node.0)
            .ok()
            .and_then(|index| self.spans.get(index))
            .map_or(0..0, Clone::clone)
    }
}

/// A compiled expression; cheap to clone, the same in every thread.
#[derive(Clone)]
pub struct Program(pub(crate) Arc<Compiled>);

impl Program {
    /// The expression as it was written.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The expression as it was written, for open documents: it stands in the rules.
    pub(crate) fn open_text(&self) -> OpenText {
        OpenText::vouched(&self.0.text)
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

    /// The bytes of the expression that a node stands for.
    pub fn span(&self, node: NodeId) -> Range<usize> {
        self.0.span(node)
    }

    /// How many nodes it has; their numbers are below that.
    pub fn len(&self) -> usize {
        self.0.ops.len()
    }

    /// Whether it has no nodes, which no program has.
    pub fn is_empty(&self) -> bool {
        self.0.ops.is_empty()
    }

    /// The most steps that it takes where what the scope gives is within the sizes. Within those of the limits it was
    /// compiled with, that is at most [`Limits::evaluation_steps`](crate::base::Limits::evaluation_steps): a program that
    /// may take more is refused when it is compiled.
    pub fn cost(&self, sizes: Sizes) -> u64 {
        bound(&self.0, sizes)
    }

    /// Runs it.
    pub fn evaluate<O: Observer>(
        &self,
        scope: &dyn Scope,
        horizon: &mut Horizon,
        meter: &mut Meter,
        observer: &mut O,
    ) -> Result<Opinion, Failure> {
        #[cfg(test)]
        let before = meter.spent();
        let given = run(&self.0, scope, horizon, meter, observer);
        #[cfg(test)]
        crate::language::watched::note(self, meter.spent().saturating_sub(before));
        given
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
