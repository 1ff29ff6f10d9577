//! Decoding of what is allowed by the author: warnings, each with its place and reason.

use super::Decoder;
use super::Fields;
use super::value::read_named;
use super::value::read_text;
use crate::base::Path;
use crate::rules::spec::file::node::Node;
use crate::rules::spec::lint::AllowSpec;
use crate::rules::spec::lint::LintSpec;
use crate::rules::spec::messages;

pub(super) fn read_lint(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<LintSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let lint = LintSpec {
        allow: fields.list(decoder, "allow", read_allow),
        place: path.clone(),
    };
    fields.close(decoder);
    Some(lint)
}

fn read_allow(decoder: &mut Decoder, node: &Node, path: &Path) -> Option<AllowSpec> {
    let mut fields = Fields::open(decoder, node, path)?;
    let code = fields.need(decoder, "code", read_named);
    let at = fields.need(decoder, "at", read_text);
    let because = fields.need(decoder, "because", read_text);
    fields.close(decoder);
    if because
        .as_ref()
        .is_some_and(|because| because.trim().is_empty())
    {
        decoder.report(messages::allowed_without_reason(path));
    }
    Some(AllowSpec {
        code: code?,
        at: at?,
        because: because?,
        place: path.clone(),
    })
}
