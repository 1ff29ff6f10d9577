//! Every function of the language's own, every operator and every macro, with the oddest values that its arguments can have.
//!
//! What there is to sweep is read from the signatures that the schema tells, so that a new function is swept by itself; which operators
//! and macros fit which types is found by asking the checker. Of each call: it does not panic, gives a value of the type that is declared or an error
//! that is listed, stays within its bound, gives the same a second time, and what the naive evaluator gives where that knows the types.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use folkform::base::Horizon;
use folkform::base::Limits;
use folkform::base::Meter;
use folkform::language::Class;
use folkform::language::DataErrorKind;
use folkform::language::EnumId;
use folkform::language::Environment;
use folkform::language::Expected;
use folkform::language::Failure;
use folkform::language::FieldSlot;
use folkform::language::MapKey;
use folkform::language::NominalId;
use folkform::language::Opinion;
use folkform::language::RecordRef;
use folkform::language::Schema;
use folkform::language::Scope;
use folkform::language::Sizes;
use folkform::language::Type;
use folkform::language::Value;
use folkform::language::VariableSlot;
use folkform::language::compile;

use super::generate::Bindings;
use super::naive;
use super::target::is_listed;
use super::world::same;
use super::world::seen;
use super::written::E;
use super::written::V;

/// The largest of the values.
const SIZES: Sizes = Sizes {
    text: 4_096,
    list: 300,
};

/// The arguments, by position.
const NAMES: [&str; 4] = ["x0", "x1", "x2", "x3"];

const OPERATORS: [&str; 12] = [
    "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in",
];

/// Makes the tree of the tests of a text and its arguments.
type Tree = Box<dyn Fn(Vec<E>) -> E>;

/// The host of a sweep: types of its own, and the arguments of a call.
struct Host {
    schema: Schema,
    form: EnumId,
    reference: NominalId,
}

struct Arguments<'a>(&'a [Value]);

impl Scope for Arguments<'_> {
    fn variable(&self, slot: VariableSlot) -> Result<Value, DataErrorKind> {
        let at = usize::try_from(slot.index()).unwrap();
        Ok(self.0[at].clone())
    }

    fn field(&self, _: RecordRef, _: FieldSlot) -> Result<Option<Value>, DataErrorKind> {
        unreachable!("nothing here has a field")
    }
}

impl Host {
    fn new() -> Self {
        let mut schema = Schema::new();
        let form = schema.enumeration("form", &["permanent", "hourly"]);
        let reference = schema.nominal("reference");
        Self {
            schema,
            form,
            reference,
        }
    }

    /// Types that have no types inside.
    fn plain(&self) -> Vec<Type> {
        let named = [Type::Enum(self.form), Type::Nominal(self.reference)];
        let plain = [
            Type::Bool,
            Type::Int,
            Type::Double,
            Type::Text,
            Type::Date,
            Type::Today,
            Type::Days,
        ];
        plain.into_iter().chain(named).collect()
    }

    /// What `anything` of a signature is tried with.
    fn anything(&self) -> Vec<Type> {
        let held = [
            Type::list(Type::Int),
            Type::optional(Type::Text),
            Type::map(Type::Text, Type::Double),
        ];
        let plain = self.plain().into_iter();
        plain.filter(|ty| *ty != Type::Today).chain(held).collect()
    }

    /// Runs a text over all arguments of its types. Whether the checker takes it.
    fn sweep(&self, text: &str, types: &[Type], declared: Option<&Type>, tree: &Tree) -> bool {
        let mut environment = Environment::new();
        for (name, ty) in NAMES.iter().zip(types) {
            environment.variable(name, ty.clone(), Class::Open);
        }
        let mut limits = Limits::default();
        limits.read_text = SIZES.text;
        limits.read_list = SIZES.list;
        limits.evaluation_steps = u64::MAX;
        // in a list, so that an optional is a value as any other
        let listed = format!("[{text}]");
        let Ok(program) = compile(
            &listed,
            &self.schema,
            &environment,
            &Expected::free(),
            &limits,
        ) else {
            return false;
        };
        let Type::List(given) = program.ty() else {
            panic!("{listed} is no list")
        };
        if let Some(declared) = declared {
            assert_eq!(&**given, declared, "{text} of {types:?}");
        }
        let bound = program.cost(SIZES);
        let naively = types.iter().all(is_known) && is_known(given);
        for arguments in product(&types.iter().map(values).collect::<Vec<_>>()) {
            let run = || {
                let mut horizon = Horizon::new(NaiveDate::from_ymd_opt(2026, 11, 27).unwrap());
                let mut meter = Meter::new("evaluation_steps", u64::MAX);
                let given =
                    program.evaluate(&Arguments(&arguments), &mut horizon, &mut meter, &mut ());
                (given, meter.spent())
            };
            let shown = || {
                format!(
                    "{text} of {:?}",
                    arguments.iter().map(seen).collect::<Vec<_>>()
                )
            };
            let (answer, spent) = run();
            assert!(
                spent <= bound,
                "{} took {spent} steps, at most {bound} were expected",
                shown()
            );
            let (again, steps) = run();
            assert_eq!(spent, steps, "{}", shown());
            let known = arguments
                .iter()
                .zip(types)
                .all(|(value, ty)| value.is_of(ty));
            match (&answer, &again) {
                (Ok(Opinion::Value(one)), Ok(Opinion::Value(two))) => {
                    assert!(
                        same(&seen(one), &seen(two)),
                        "{} is something else the next time",
                        shown()
                    );
                    assert!(
                        !known || one.is_of(program.ty()),
                        "{} gives {:?}",
                        shown(),
                        seen(one)
                    );
                }
                (Err(one), Err(two)) => {
                    assert_eq!(one, two, "{}", shown());
                    assert!(is_listed(one), "{}: {one}", shown());
                }
                _ => panic!("{} ends otherwise the next time", shown()),
            }
            if naively && known && !arguments.iter().any(is_open) {
                let variables = NAMES.into_iter().zip(arguments.iter().map(seen)).collect();
                let bindings = Bindings {
                    variables,
                    persons: Vec::new(),
                };
                let variables = NAMES.iter().take(types.len());
                let variables = variables.map(|name| E::Variable(name)).collect();
                let expected = naive::evaluate(&E::List(vec![(tree(variables), false)]), &bindings);
                let equal = match (&answer, &expected) {
                    (Ok(Opinion::Value(given)), Ok(expected)) => same(&seen(given), expected),
                    (Err(Failure::Data(error)), Err(expected)) => error.kind == *expected,
                    // how much may be built is a limit, which the naive evaluator has not
                    (Err(Failure::Data(error)), Ok(_)) => error.kind == DataErrorKind::TooLarge,
                    _ => false,
                };
                assert!(equal, "{} gives {answer:?} and not {expected:?}", shown());
            }
        }
        true
    }
}

/// Odd values of a type.
fn values(ty: &Type) -> Vec<Value> {
    match ty {
        Type::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Type::Int => INTS.into_iter().map(Value::Int).collect(),
        Type::Double => DOUBLES.into_iter().map(Value::Double).collect(),
        Type::Text => {
            let large = "å".repeat(SIZES.text / 2);
            let texts = TEXTS.into_iter().chain([large.as_str()]);
            texts.map(Value::from).collect()
        }
        Type::Date => days().into_iter().map(Value::Date).collect(),
        Type::Days => [0, 1, -1, 30, 3_000_000, -3_000_000, i64::MIN, i64::MAX]
            .into_iter()
            .map(Value::Days)
            .collect(),
        Type::Today => vec![Value::Today(0)],
        Type::Enum(id) => vec![Value::Enum(*id, "hourly".into())],
        Type::Nominal(id) => vec![
            Value::Nominal(*id, "".into()),
            Value::Nominal(*id, "å".into()),
        ],
        Type::Optional(inner) => {
            let held = values(inner);
            let ends = [held.first(), held.last()].into_iter().flatten();
            let ends = ends.cloned().map(Value::some);
            ends.chain([Value::none()]).collect()
        }
        Type::List(element) => {
            let values = values(element);
            let one = values.iter().take(1).cloned();
            let many = std::iter::repeat_with(|| values.iter().rev().take(3)).flatten();
            vec![
                Value::list([]),
                Value::list(one),
                Value::list(values.iter().filter(|value| size(value) < 200).cloned()),
                Value::list(
                    many.filter(|value| size(value) < 200)
                        .take(SIZES.list)
                        .cloned(),
                ),
            ]
        }
        Type::Map(key, value) => {
            let keys = values(key);
            let values = values(value);
            let entries = keys
                .iter()
                .filter_map(key_of)
                .zip(values.iter().cycle().cloned());
            let all: BTreeMap<MapKey, Value> = entries.collect();
            let one = all.clone().into_iter().take(1).collect();
            let none = BTreeMap::new();
            [none, one, all].map(|map| Value::Map(map.into())).into()
        }
        other => panic!("{other:?} has no values here"),
    }
}

const INTS: [i64; 10] = [
    0,
    1,
    -1,
    2,
    7,
    4_096,
    -2_147_483_649,
    i64::MIN,
    i64::MIN + 1,
    i64::MAX,
];

const DOUBLES: [f64; 16] = [
    0.0,
    -0.0,
    1.0,
    -2.5,
    999_999.5,
    1e6,
    0.000_099,
    1e21,
    9_007_199_254_740_993.0,
    9_223_372_036_854_774_784.0,
    -9_223_372_036_854_775_808.0,
    f64::MAX,
    f64::MIN_POSITIVE,
    5e-324,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// Empty and white; combining letters; the code points around the surrogates and the last one; letters that become several; numbers, days
/// and truth values; what has a meaning in templates, literals and patterns.
const TEXTS: [&str; 16] = [
    "",
    " ",
    "a",
    " Åsa\t-Öberg ",
    "e\u{301}\u{301}\u{323}x",
    "\u{d7ff}\u{e000}\u{fffd}\u{ffff}\u{10000}\u{10ffff}",
    "ß ŉ ǅ ﬁ İ",
    "-9223372036854775808",
    "9223372036854775808",
    "2027-02-29",
    "99991231",
    "1.5e308",
    "true",
    "%s%,\r\n\u{0}\"\\",
    "(a{1,9})|[",
    "^[^a-c]{1,}$|(.s)+",
];

fn days() -> Vec<NaiveDate> {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    vec![
        day(1, 1, 1),
        day(9999, 12, 31),
        day(2024, 2, 29),
        day(2026, 6, 30),
        day(2026, 7, 1),
        day(0, 12, 31),
        day(10_000, 1, 1),
        NaiveDate::MIN,
        NaiveDate::MAX,
    ]
}

fn size(value: &Value) -> usize {
    value.as_text().map_or(0, |text| text.len())
}

fn key_of(value: &Value) -> Option<MapKey> {
    match value {
        Value::Bool(value) => Some(MapKey::Bool(*value)),
        Value::Int(number) => Some(MapKey::Int(*number)),
        Value::Text(text) => Some(MapKey::Text(text.clone())),
        _ => None,
    }
}

/// Whether a value holds a day that stands for all before or after it, which only the crate knows.
fn is_open(value: &Value) -> bool {
    let ends = [NaiveDate::MIN, NaiveDate::MAX];
    match value {
        Value::Date(day) => ends.contains(day),
        Value::Optional(Some(held)) => is_open(held),
        Value::List(values) => values.iter().any(is_open),
        Value::Map(map) => map.values().any(is_open),
        _ => false,
    }
}

/// Whether the naive evaluator knows a type.
fn is_known(ty: &Type) -> bool {
    !ty.contains(&|ty| {
        matches!(
            ty,
            Type::Today | Type::Days | Type::Enum(_) | Type::Nominal(_)
        )
    })
}

/// Every choice of one from each.
fn product(choices: &[Vec<Value>]) -> Vec<Vec<Value>> {
    choices.iter().fold(vec![Vec::new()], |chosen, next| {
        let longer = chosen.iter().flat_map(|chosen: &Vec<Value>| {
            next.iter().map(move |value| {
                let mut longer = chosen.clone();
                longer.push(value.clone());
                longer
            })
        });
        longer.collect()
    })
}

/// A signature as the schema tells it.
struct Signature {
    name: &'static str,
    is_method: bool,
    parameters: Vec<String>,
    result: String,
}

impl Signature {
    fn read(written: &str) -> Self {
        let (call, result) = written.split_once(" -> ").unwrap();
        let (head, parameters) = call.split_once('(').unwrap();
        let parameters = parameters.strip_suffix(')').unwrap();
        let parameters = parameters.split(", ").filter(|word| !word.is_empty());
        let parameters = parameters.map(String::from);
        // `strings.quote` is one name, and `text.trim` is a name after a type
        let receiver = head.rsplit_once('.');
        let receiver = receiver.filter(|(of, _)| type_of(of, &Type::Int).is_some());
        let (name, receiver) = receiver.map_or((head, None), |(of, name)| (name, Some(of)));
        Self {
            name: String::from(name).leak(),
            is_method: receiver.is_some(),
            parameters: receiver
                .map(String::from)
                .into_iter()
                .chain(parameters)
                .collect(),
            result: result.into(),
        }
    }
}

/// A type in the words of signatures, where `anything` is a type; none where the words are no type.
fn type_of(written: &str, anything: &Type) -> Option<Type> {
    let inner = |rest: &str| type_of(rest, anything);
    if let Some(rest) = written.strip_prefix("list of ") {
        return inner(rest).map(Type::list);
    }
    if let Some(rest) = written.strip_prefix("optional ") {
        return inner(rest).map(Type::optional);
    }
    if let Some(rest) = written.strip_prefix("map from ") {
        let (key, value) = rest.split_once(" to ")?;
        return Some(Type::map(inner(key)?, inner(value)?));
    }
    Some(match written {
        "nothing" => Type::Never,
        "bool" => Type::Bool,
        "int" => Type::Int,
        "double" => Type::Double,
        "text" => Type::Text,
        "date" => Type::Date,
        "today" => Type::Today,
        "days" => Type::Days,
        "anything" => anything.clone(),
        _ => return None,
    })
}

#[test]
fn every_function_takes_the_oddest_values() {
    let host = Host::new();
    let mut names = BTreeSet::new();
    for (written, _) in host.schema.functions() {
        let signature = Signature::read(&written);
        let name = signature.name;
        names.insert(name);
        let choices = if written.contains("anything") {
            host.anything()
        } else {
            vec![Type::Int]
        };
        let mut taken = 0;
        for anything in choices {
            let types = signature
                .parameters
                .iter()
                .map(|ty| type_of(ty, &anything).unwrap());
            let types: Vec<Type> = types.collect();
            let keys_fit = |ty: &Type| {
                let is_wrong = |ty: &Type| matches!(ty, Type::Map(key, _) if !matches!(**key, Type::Bool | Type::Int | Type::Text));
                !ty.contains(&is_wrong)
            };
            if !types.iter().all(keys_fit) {
                continue;
            }
            let result = type_of(&signature.result, &anything).unwrap();
            let arguments = |from: usize| NAMES[from..types.len()].join(", ");
            let (text, tree): (String, Tree) = if signature.is_method {
                let of_doubles = types.first() == Some(&Type::list(Type::Double));
                let tree = move |mut arguments: Vec<E>| {
                    let mut target = arguments.remove(0);
                    if name == "sum" && of_doubles {
                        // an empty list says nothing of what it is a list of
                        let zero = E::List(vec![(E::Literal(V::Double(0.0)), false)]);
                        target = E::Sum(Box::new(zero), vec![(false, target)]);
                    }
                    E::Method(name, Box::new(target), arguments)
                };
                (format!("x0.{name}({})", arguments(1)), Box::new(tree))
            } else {
                let tree = move |arguments| E::Global(name, arguments);
                (format!("{name}({})", arguments(0)), Box::new(tree))
            };
            taken += usize::from(host.sweep(&text, &types, Some(&result), &tree));
        }
        assert!(taken > 0, "{written} takes nothing that was tried");
    }
    assert!(names.len() > 50, "{names:?}");
}

#[test]
fn every_operator_takes_the_oddest_values() {
    let host = Host::new();
    let mut types = host.plain();
    types.extend([
        Type::list(Type::Int),
        Type::list(Type::Text),
        Type::list(Type::Double),
        Type::map(Type::Text, Type::Int),
        Type::map(Type::Int, Type::Text),
        Type::map(Type::Bool, Type::Date),
        Type::optional(Type::Int),
        Type::optional(Type::Date),
    ]);
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    let both = |sign: &'static str, [one, two]: [E; 2]| match sign {
        "+" | "-" => E::Sum(Box::new(one), vec![(sign == "-", two)]),
        _ => E::Binary(sign, Box::new(one), Box::new(two)),
    };
    for one in &types {
        let not: Tree = Box::new(|mut arguments| E::Not(Box::new(arguments.remove(0))));
        let minus: Tree = Box::new(|mut arguments| E::Negate(Box::new(arguments.remove(0))));
        for (text, tree) in [("!x0", not), ("-x0", minus)] {
            let accepted = host.sweep(text, std::slice::from_ref(one), None, &tree);
            *taken.entry(text).or_default() += usize::from(accepted);
        }
        for two in &types {
            let pair = [one.clone(), two.clone()];
            for sign in OPERATORS {
                let tree: Tree =
                    Box::new(move |arguments: Vec<E>| both(sign, arguments.try_into().unwrap()));
                let accepted = host.sweep(&format!("x0 {sign} x1"), &pair, None, &tree);
                *taken.entry(sign).or_default() += usize::from(accepted);
            }
            for (text, optional) in [("x0[x1]", false), ("x0[?x1]", true)] {
                let tree: Tree = Box::new(move |arguments: Vec<E>| {
                    let [one, two]: [E; 2] = arguments.try_into().unwrap();
                    E::Index(Box::new(one), Box::new(two), optional)
                });
                let accepted = host.sweep(text, &pair, None, &tree);
                *taken.entry(text).or_default() += usize::from(accepted);
            }
            for (text, all) in [("x0 && x1", true), ("x0 || x1", false)] {
                let tree: Tree = Box::new(move |arguments| {
                    if all {
                        E::And(arguments)
                    } else {
                        E::Or(arguments)
                    }
                });
                let accepted = host.sweep(text, &pair, None, &tree);
                *taken.entry(text).or_default() += usize::from(accepted);
            }
        }
    }
    assert!(taken.values().all(|count| *count > 0), "{taken:?}");
    println!("{taken:?}");
}

fn local(name: &str) -> Box<E> {
    Box::new(E::Local(name.into()))
}

fn equals(one: Box<E>, two: &E) -> E {
    E::Binary("==", one, Box::new(two.clone()))
}

/// What is written over a list or map `x0`, with a value `x1` of what it holds: the names that it binds, and what stands behind them.
fn macros(one: &E) -> Vec<(&'static str, &'static [&'static str], Vec<E>)> {
    let is_one = |name: &str| equals(local(name), one);
    let own = |name: &str| *local(name);
    // for numbers it fails where it divides by zero, or leaves what can be held
    let divided = |name: &str| {
        let divided = E::Binary("/", Box::new(one.clone()), local(name));
        E::Binary(">", Box::new(divided), local(name))
    };
    let entry = |key: &str, value: &str| E::Map(vec![(own(key), own(value), false)]);
    vec![
        ("all", &["e"], vec![is_one("e")]),
        ("all", &["e"], vec![divided("e")]),
        ("all", &["k", "v"], vec![E::Not(Box::new(is_one("v")))]),
        ("exists", &["e"], vec![is_one("e")]),
        ("exists", &["e"], vec![divided("e")]),
        ("exists", &["k", "v"], vec![is_one("v")]),
        ("exists_one", &["e"], vec![is_one("e")]),
        ("exists_one", &["e"], vec![divided("e")]),
        ("existsOne", &["e"], vec![is_one("e")]),
        ("existsOne", &["k", "v"], vec![is_one("v")]),
        ("map", &["e"], vec![own("e")]),
        ("map", &["e"], vec![divided("e")]),
        ("map", &["e"], vec![is_one("e"), own("e")]),
        ("filter", &["e"], vec![is_one("e")]),
        ("filter", &["e"], vec![divided("e")]),
        ("transformList", &["k", "v"], vec![own("v")]),
        ("transformList", &["k", "v"], vec![is_one("v"), own("k")]),
        ("transformMap", &["k", "v"], vec![own("v")]),
        ("transformMap", &["k", "v"], vec![divided("v"), own("v")]),
        ("transformMapEntry", &["k", "v"], vec![entry("k", "v")]),
        ("transformMapEntry", &["k", "v"], vec![entry("v", "k")]),
        (
            "transformMapEntry",
            &["k", "v"],
            vec![is_one("v"), entry("v", "k")],
        ),
        ("sort_by", &["e"], vec![own("e")]),
        ("sort_by", &["e"], vec![is_one("e")]),
        ("sort_by", &["e"], vec![divided("e")]),
    ]
}

#[test]
fn every_macro_takes_the_oddest_values() {
    let host = Host::new();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut sweep = |name: &str, types: &[Type], tree: Tree| {
        let variables = NAMES.iter().take(types.len());
        let text = tree(variables.map(|name| E::Variable(name)).collect()).written();
        *taken.entry(name.into()).or_default() +=
            usize::from(host.sweep(&text, types, None, &tree));
    };
    let plain = host.plain().into_iter().filter(|ty| *ty != Type::Today);
    for ty in plain.chain([Type::list(Type::Int), Type::optional(Type::Text)]) {
        let mut ranges = vec![Type::list(ty.clone())];
        // the keys of a map, and its values
        if matches!(ty, Type::Bool | Type::Int | Type::Text) {
            ranges.push(Type::map(ty.clone(), ty.clone()));
        }
        for range in ranges {
            for number in 0..macros(&E::Variable("x1")).len() {
                let (name, ..) = macros(&E::Variable("x1"))[number];
                let tree: Tree = Box::new(move |mut arguments| {
                    let (name, bound, body) = macros(&arguments[1]).remove(number);
                    let bound = bound.iter().map(|name| String::from(*name)).collect();
                    E::Fold(name, Box::new(arguments.remove(0)), bound, body)
                });
                sweep(name, &[range.clone(), ty.clone()], tree);
            }
        }
        let optional = Type::optional(ty.clone());
        for (name, flat) in [("optMap", false), ("optFlatMap", true)] {
            let tree: Tree = Box::new(move |mut arguments| {
                let body = equals(local("e"), &arguments[1]);
                let body = if flat {
                    E::Global("optional.ofNonZeroValue", vec![body])
                } else {
                    body
                };
                E::IfHeld(
                    flat,
                    Box::new(arguments.remove(0)),
                    "e".into(),
                    Box::new(body),
                )
            });
            sweep(name, &[optional.clone(), ty.clone()], tree);
        }
        for (name, other) in [("or", &optional), ("orValue", &ty)] {
            let tree: Tree = Box::new(move |mut arguments| {
                let target = arguments.remove(0);
                E::Method(name, Box::new(target), arguments)
            });
            sweep(name, &[optional.clone(), other.clone()], tree);
        }
        let tree: Tree = Box::new(|arguments| E::Global("coalesce", arguments));
        sweep(
            "coalesce",
            &[optional.clone(), optional.clone(), optional],
            tree,
        );
        let tree: Tree = Box::new(|mut arguments| {
            let body = equals(local("e"), &arguments.remove(1));
            E::Bind("e".into(), Box::new(arguments.remove(0)), Box::new(body))
        });
        sweep("cel.bind", &[ty.clone(), ty.clone()], tree);
        for template in ["%s", "%d", "%b", "%o", "%x", "%X", "<%f>", "%.1e%%", "%s%s"] {
            for held in [ty.clone(), Type::map(Type::Int, ty.clone())] {
                let tree: Tree = Box::new(move |arguments| {
                    let twice = if template == "%s%s" { 2 } else { 1 };
                    let values = arguments.iter().cycle().take(twice);
                    let values = values.map(|value| (value.clone(), false)).collect();
                    let template = Box::new(E::text(template));
                    E::Method("format", template, vec![E::List(values)])
                });
                sweep(template, &[held], tree);
            }
        }
        // a template of data, whose places may be any
        let tree: Tree = Box::new(|mut arguments| {
            let values = E::List(vec![(arguments.remove(1), false)]);
            E::Method("format", Box::new(arguments.remove(0)), vec![values])
        });
        sweep("format", &[Type::Text, ty], tree);
    }
    assert!(taken.values().all(|count| *count > 0), "{taken:?}");
    println!("{taken:?}");
}
