//! Names for what a document has and the list of names has not.

use crate::document::Document;
use crate::names::{Names, Taken};
use crate::roots::Roots;
use crate::{Error, arguments, defaults, identifiers, ids, lower};

pub use crate::lower::Proposal;

/// Completes `names`, which has the document's operations, so that it has all of a repaired
/// document: types, what they are made of, and the order of arguments.
///
/// `previous` is the document that `names` was made for: what moved to another place since keeps
/// its name. `others` are the names of Okta's other documents, which stay theirs.
///
/// # Errors
/// If the document holds something that the generator does not know, or places that were made one
/// type contradict each other.
pub fn complete(
    document: &Document,
    names: &Names,
    roots: &Roots,
    previous: Option<&Document>,
    others: &Taken,
) -> Result<Proposal, Error> {
    let Proposal {
        mut names,
        mut added,
        absent,
    } = lower::propose(document, names, roots, previous, others)?;
    let mut api = lower::without_identifiers(document, &names, roots)?;
    added.append(&mut identifiers::propose(&api, &mut names, others));
    identifiers::assign(&mut api, &names)?;
    ids::mark(&mut api, &names)?;
    for (member, value) in defaults::propose(&api, &names) {
        added.push(format!("`{member}` is always `{value}`"));
        names.defaults.insert(member, value);
    }
    defaults::apply(&mut api, &names)?;
    added.append(&mut arguments::propose(&api, &mut names));
    Ok(Proposal {
        names,
        added,
        absent,
    })
}
