//! One line in, one answer out: what a line declares becomes a schema, an environment and a scope.
//!
//! | key | meaning |
//! |---|---|
//! | `expr` | the expression |
//! | `bindings` | values by name, tagged; the type of each is that of its value, unless `type_env` says it |
//! | `type_env` | declarations: `{name, ident: TYPE}` for a name, `{name, overloads: [{params, result, member}]}` for a function |
//! | `container` | where unqualified names are looked up first, as CEL does |
//! | `as_of` | the day of the run, `"2026-11-27"`: declares the name `as_of` |
//! | `check`, `check_only` | answer with the type, and do not run |
//!
//! `disable_check` changes nothing, since nothing runs here without having been checked; other keys are ignored. So a whole
//! line of the conformance suite may be given as it is. Declared functions can be checked and not be run: a line has no code.

use chrono::NaiveDate;
use folkform::base::Horizon;
use folkform::base::Limits;
use folkform::base::Meter;
use folkform::language::Class;
use folkform::language::DataErrorKind;
use folkform::language::Environment;
use folkform::language::Expected;
use folkform::language::ExpressionProblem;
use folkform::language::Failure;
use folkform::language::FieldSlot;
use folkform::language::FunctionDeclaration;
use folkform::language::Opinion;
use folkform::language::RecordRef;
use folkform::language::Schema;
use folkform::language::Scope;
use folkform::language::Type;
use folkform::language::Value;
use folkform::language::VariableSlot;
use folkform::language::compile;
use serde_json::Value as Json;
use serde_json::json;

use super::tagged::Refusal;
use super::tagged::read_type;
use super::tagged::read_value;
use super::tagged::write_type;
use super::tagged::write_value;

/// What came of a line.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A value.
    Value(Value),
    /// The type, where only that was asked for.
    Type(Type),
    /// An error in the data, or a limit.
    Failed(Failure),
    /// The checker does not accept the expression; at least one problem.
    Rejected(Vec<ExpressionProblem>),
    /// What stands around the expression is not accepted.
    Refused(Refusal),
}

impl Answer {
    /// The answer as one line of JSON.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Value(value) => match write_value(value) {
                Some(value) => json!({"value": value}),
                None => json!({"value": {"unshown": value.kind()}}),
            },
            Self::Type(ty) => json!({"type": write_type(ty)}),
            Self::Failed(Failure::Data(error)) => json!({"error": {
                "kind": error.kind.name(),
                "message": error.to_string(),
                "span": [error.span.start, error.span.end],
            }}),
            Self::Failed(Failure::Limit(limit)) => json!({"error": {
                "kind": "limit_reached",
                "message": limit.to_string(),
            }}),
            Self::Rejected(problems) => {
                let shown: Vec<Json> = problems.iter().map(problem).collect();
                match shown.as_slice() {
                    [only] => json!({"rejected": only}),
                    [first, more @ ..] => json!({"rejected": first, "more": more}),
                    [] => json!({"rejected": {}}),
                }
            }
            Self::Refused(refusal) => json!({"rejected": {
                "code": refusal.code.map_or("line", |code| code.id),
                "message": refusal.message,
            }}),
        }
    }
}

fn problem(problem: &ExpressionProblem) -> Json {
    json!({
        "code": problem.code.id,
        "message": problem.message,
        "span": [problem.span.start, problem.span.end],
        "help": problem.help,
    })
}

/// Values by slot.
struct Bound {
    values: Vec<Option<Value>>,
}

impl Scope for Bound {
    fn variable(&self, slot: VariableSlot) -> Result<Value, DataErrorKind> {
        usize::try_from(slot.index())
            .ok()
            .and_then(|slot| self.values.get(slot).cloned().flatten())
            .ok_or(DataErrorKind::Other("the name has no value"))
    }

    fn field(&self, _: RecordRef, _: FieldSlot) -> Result<Option<Value>, DataErrorKind> {
        Ok(None)
    }
}

/// The answer to one line.
pub(crate) fn answer(line: &str) -> Answer {
    match serde_json::from_str(line) {
        Ok(json) => answer_to(&json),
        Err(error) => Answer::Refused(Refusal::line(format!("expected a line of JSON: {error}"))),
    }
}

/// The answer to a line that is already JSON.
pub(crate) fn answer_to(line: &Json) -> Answer {
    try_answer(line).unwrap_or_else(Answer::Refused)
}

fn try_answer(line: &Json) -> Result<Answer, Refusal> {
    let text = line
        .get("expr")
        .and_then(Json::as_str)
        .ok_or_else(|| Refusal::line("expected `expr`, a text"))?;
    let as_of = as_of(line)?;
    let mut schema = Schema::new();
    let mut environment = Environment::new();
    if let Some(container) = line.get("container").and_then(Json::as_str) {
        environment.within(container);
    }
    for declaration in line
        .get("type_env")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
    {
        declare(declaration, &mut schema, &mut environment)?;
    }
    let mut values = Vec::new();
    let mut bind = |environment: &mut Environment, name: &str, ty: Type, value: Value| {
        let slot = match environment.slot(name) {
            Some(slot) => slot,
            None => environment.variable(name, ty, Class::Open),
        };
        let slot = usize::try_from(slot.index()).unwrap_or(usize::MAX);
        values.resize(values.len().max(slot.saturating_add(1)), None);
        if let Some(place) = values.get_mut(slot) {
            *place = Some(value);
        }
    };
    for (name, value) in line
        .get("bindings")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
    {
        let (ty, value) = read_value(value)?;
        let declared = environment.slot(name).and_then(|slot| environment.at(slot));
        if let Some(declared) = declared
            && declared.ty.common(&ty).as_ref() != Some(&declared.ty)
        {
            return Err(Refusal::line(format!(
                "`{name}` has a value of another type than declared"
            )));
        }
        bind(&mut environment, name, ty, value);
    }
    if line.get("as_of").is_some() {
        bind(&mut environment, "as_of", Type::Today, Value::Today(0));
    }
    let limits = Limits::default();
    let program = match compile(text, &schema, &environment, &Expected::free(), &limits) {
        Ok(program) => program,
        Err(problems) => return Ok(Answer::Rejected(problems)),
    };
    let asked = |key| line.get(key).and_then(Json::as_bool).unwrap_or(false);
    if asked("check") || asked("check_only") {
        return Ok(Answer::Type(program.ty().clone()));
    }
    let mut horizon = Horizon::new(as_of);
    let mut meter = Meter::new("evaluation_steps", limits.evaluation_steps);
    let result = program.evaluate(&Bound { values }, &mut horizon, &mut meter, &mut ());
    Ok(match result {
        Ok(Opinion::Value(value)) => Answer::Value(value),
        Ok(Opinion::None | Opinion::Keep) => Answer::Value(Value::none()),
        Err(failure) => Answer::Failed(failure),
    })
}

fn as_of(line: &Json) -> Result<NaiveDate, Refusal> {
    match line.get("as_of") {
        None => Ok(NaiveDate::default()),
        Some(day) => day
            .as_str()
            .and_then(|day| day.parse().ok())
            .ok_or_else(|| Refusal::line("`as_of` is a day, such as \"2026-11-27\"")),
    }
}

/// Declares what one entry of `type_env` says: a name, or the overloads of a function.
fn declare(
    declaration: &Json,
    schema: &mut Schema,
    environment: &mut Environment,
) -> Result<(), Refusal> {
    let name = declaration
        .get("name")
        .and_then(Json::as_str)
        .ok_or_else(|| Refusal::line("a declaration has a `name`"))?;
    if let Some(ty) = declaration.get("ident") {
        environment.variable(name, read_type(ty, &mut Vec::new())?, Class::Open);
    }
    for overload in declaration
        .get("overloads")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
    {
        let mut names = Vec::new();
        let mut parameters = Vec::new();
        for parameter in overload
            .get("params")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
        {
            parameters.push(read_type(parameter, &mut names)?);
        }
        let result = overload
            .get("result")
            .ok_or_else(|| Refusal::line("an overload has a `result`"))?;
        let result = read_type(result, &mut names)?;
        let member = overload
            .get("member")
            .and_then(Json::as_bool)
            .unwrap_or(false);
        let function = if member && !parameters.is_empty() {
            let receiver = parameters.remove(0);
            FunctionDeclaration::new(name, parameters, result).on(receiver)
        } else {
            FunctionDeclaration::new(name, parameters, result)
        };
        schema.function(function);
    }
    Ok(())
}
