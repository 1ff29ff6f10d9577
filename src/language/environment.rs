//! What stands around one expression: its variables, and what its result is for.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use crate::base::Text;
use crate::language::class::Class;
use crate::language::types::Type;

/// A variable of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableSlot(pub(crate) u32);

impl VariableSlot {
    /// Its number, counted from 0 in the order of declaration.
    pub const fn index(self) -> u32 {
        self.0
    }
}

/// A variable: its name, type and class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name; it may be dotted, and the longest name wins.
    pub name: Text,
    /// Its type.
    pub ty: Type,
    /// What its value may give away.
    pub class: Class,
}

/// The variables that an expression may read.
#[derive(Clone, Debug)]
pub struct Environment {
    variables: Vec<Variable>,
    by_name: BTreeMap<Text, VariableSlot>,
    /// Names that stand in other expressions and not in this one.
    elsewhere: BTreeSet<Text>,
    container: Text,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            variables: Vec::new(),
            by_name: BTreeMap::new(),
            elsewhere: BTreeSet::new(),
            container: "".into(),
        }
    }
}

impl Environment {
    /// No variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the container, such as `a.b`: a name `x` means `a.b.x` where there is one, or `a.x`, or else `x`. A name that
    /// begins with a dot is looked up as it stands. Functions have no container.
    pub fn within(&mut self, container: &str) {
        self.container = container.into();
    }

    /// Declares a variable. A second declaration of the same name takes the place, and the slot, of the first.
    pub fn variable(&mut self, name: &str, ty: Type, class: Class) -> VariableSlot {
        let variable = Variable {
            name: name.into(),
            ty,
            class,
        };
        if let Some(&slot) = self.by_name.get(name) {
            if let Some(known) = self.variables.get_mut(index(slot)) {
                *known = variable;
            }
            return slot;
        }
        let slot = VariableSlot(u32::try_from(self.variables.len()).unwrap_or(u32::MAX));
        self.by_name.insert(variable.name.clone(), slot);
        self.variables.push(variable);
        slot
    }

    /// Takes a slot for a name that stands in other expressions and cannot be read in this one, and says so to who writes it.
    pub fn elsewhere(&mut self, name: &str) -> VariableSlot {
        self.elsewhere.insert(name.into());
        let held = format!("‹{name}›");
        self.variable(&held, Type::Never, Class::Open)
    }

    /// Whether a name stands in other expressions and cannot be read in this one.
    pub(crate) fn is_elsewhere(&self, name: &str) -> bool {
        self.elsewhere.contains(name)
    }

    /// The names that can be read here, in alphabetical order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let is_held = |name: &&str| name.starts_with('‹');
        self.by_name
            .keys()
            .map(|name| &**name)
            .filter(move |name| !is_held(name))
    }

    /// The slot that a name means here: with the container, from the inside out, or as it stands where it is rooted.
    pub(crate) fn resolve(&self, name: &str, rooted: bool) -> Option<VariableSlot> {
        let mut container: &str = if rooted { "" } else { &self.container };
        while !container.is_empty() {
            if let Some(slot) = self.slot(&format!("{container}.{name}")) {
                return Some(slot);
            }
            container = container.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        self.slot(name)
    }

    /// The slot of a full name.
    pub fn slot(&self, name: &str) -> Option<VariableSlot> {
        self.by_name.get(name).copied()
    }

    /// The variable of a slot.
    pub fn at(&self, slot: VariableSlot) -> Option<&Variable> {
        self.variables.get(index(slot))
    }

    /// All variables, in the order of their slots.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }
}

fn index(slot: VariableSlot) -> usize {
    usize::try_from(slot.0).unwrap_or(usize::MAX)
}

/// What the result of an expression is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The type of a value; `None` for any.
    pub ty: Option<Type>,
    /// Whether `none`, or an optional of the type, is an answer: it clears.
    pub none: bool,
    /// Whether `keep()` is an answer, as a branch of the outermost `?:`.
    pub keep: bool,
    /// Whether the result may be anything at all, also a double or an optional as a value. Not for outputs.
    pub free: bool,
}

impl Expected {
    /// A value of a type, and nothing else.
    pub fn value(ty: Type) -> Self {
        Self {
            ty: Some(ty),
            ..Self::default()
        }
    }

    /// A value of any type that may reach an output.
    pub fn any() -> Self {
        Self::default()
    }

    /// Anything at all, for those who look at the language itself.
    pub fn free() -> Self {
        Self {
            free: true,
            ..Self::default()
        }
    }

    /// The same, and `none` is an answer too.
    #[must_use]
    pub fn or_none(mut self) -> Self {
        self.none = true;
        self
    }

    /// The same, and `keep()` is an answer too.
    #[must_use]
    pub fn or_keep(mut self) -> Self {
        self.keep = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_slot() {
        let mut environment = Environment::new();
        let first = environment.variable("person", Type::Int, Class::Open);
        let second = environment.variable("unit", Type::Int, Class::Open);
        assert_eq!(
            environment.variable("person", Type::Text, Class::Open),
            first
        );
        assert_eq!(environment.slot("unit"), Some(second));
        assert_eq!(environment.at(first).map(|v| &v.ty), Some(&Type::Text));
        let third = environment.elsewhere("alias");
        assert_eq!(third.index(), 2);
        assert!(environment.is_elsewhere("alias") && environment.slot("alias").is_none());
        assert_eq!(environment.names().collect::<Vec<_>>(), ["person", "unit"]);
    }
}
