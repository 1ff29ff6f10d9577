//! Compiling one expression of the rules, with its problems at its place.

use super::Checker;
use super::codes;
use crate::diagnostic::Problem;
use crate::language::Environment;
use crate::language::Expected;
use crate::language::Program;
use crate::language::Type;
use crate::language::compile;
use crate::rules::spec::Expression;

impl Checker<'_> {
    /// The program of an expression; its problems are kept.
    pub(super) fn program(
        &mut self,
        expression: &Expression,
        environment: &Environment,
        expected: &Expected,
    ) -> Option<Program> {
        let compiled = compile(
            &expression.text,
            &self.declared.schema.language,
            environment,
            expected,
            self.limits,
        );
        match compiled {
            Ok(program) => Some(program),
            Err(found) => {
                self.problems
                    .extend(found.iter().map(|problem| problem.at(&expression.place)));
                None
            }
        }
    }

    /// Reports that an expression gives what cannot stand there: `message` and the type that it gives.
    pub(super) fn wrong_result(
        &mut self,
        expression: &Expression,
        given: &Type,
        message: &str,
        help: &str,
    ) {
        let language = &self.declared.schema.language;
        let name = language.type_name(given);
        let problem = Problem::new(
            &codes::WRONG_RESULT,
            expression.place.clone(),
            alloc::format!("{message} `{name}`"),
        );
        let field = match given {
            Type::Record(record) => language.field_of(*record, &Type::Text),
            _ => None,
        };
        self.problems.push(match field {
            Some(field) => problem.help(alloc::format!(
                "write a field of it, as in `….{}`",
                field.name
            )),
            None => problem.help(help),
        });
    }

    /// The program of a condition.
    pub(super) fn condition(
        &mut self,
        expression: &Expression,
        environment: &Environment,
    ) -> Option<Program> {
        self.program(expression, environment, &Expected::value(Type::Bool))
    }

    /// The program of a text that must be there.
    pub(super) fn text(
        &mut self,
        expression: &Expression,
        environment: &Environment,
    ) -> Option<Program> {
        self.program(expression, environment, &Expected::value(Type::Text))
    }

    /// The program of a condition that may be missing from the file.
    pub(super) fn optional_condition(
        &mut self,
        expression: Option<&Expression>,
        environment: &Environment,
    ) -> Option<Program> {
        expression.and_then(|expression| self.condition(expression, environment))
    }

    /// The program of a text that may be missing from the file.
    pub(super) fn optional_text(
        &mut self,
        expression: Option<&Expression>,
        environment: &Environment,
    ) -> Option<Program> {
        expression.and_then(|expression| self.text(expression, environment))
    }
}
