//! A folder for each set of features that need the same types, so that features are asked for once
//! for all that is in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;
use crate::api::Api;
use crate::case;

/// Folder of the folders of what several features need.
pub(super) const SHARED: &str = "shared";

/// A folder of types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Folder {
    /// Features, any of which needs what is in it.
    pub(crate) features: BTreeSet<String>,
    /// Whether that is all features that there are.
    pub(crate) is_for_all: bool,
}

impl Folder {
    pub(super) fn of(features: &BTreeSet<String>, api: &Api) -> Self {
        Self {
            features: features.clone(),
            is_for_all: features.len() == api.features.len(),
        }
    }

    /// Whether several features need it.
    pub(crate) fn is_shared(&self) -> bool {
        self.features.len() != 1
    }

    /// Name of the module.
    pub(super) fn name(&self) -> String {
        let modules: Vec<String> = self.features.iter().map(|f| case::snake(f)).collect();
        match modules.as_slice() {
            [only] => only.clone(),
            _ if self.is_for_all => "every".to_owned(),
            [most @ .., last] if most.len() <= 4 => format!("{}_and_{last}", most.join("_")),
            [first, ..] => {
                let checksum = checksum(&modules.join(" "));
                format!("{first}_and_{}_more_{checksum:08x}", modules.len() - 1)
            }
            [] => "none".to_owned(),
        }
    }

    /// Path below `models`.
    pub(super) fn path(&self) -> String {
        if self.is_shared() {
            format!("{SHARED}/{}", self.name())
        } else {
            self.name()
        }
    }

    /// Attribute that compiles an item only where one of the features is on.
    pub(super) fn guard(&self) -> String {
        if self.is_for_all {
            return String::new();
        }
        let features = self.features.iter();
        let list: Vec<String> = features
            .map(|name| format!("feature = \"{name}\""))
            .collect();
        match list.as_slice() {
            [one] => format!("#[cfg({one})]\n"),
            several => format!("#[cfg(any({}))]\n", several.join(", ")),
        }
    }
}

/// Every folder by its path below `models`.
///
/// # Errors
/// If a feature would have the folder of another.
pub(crate) fn all(api: &Api) -> Result<BTreeMap<String, Folder>, Error> {
    if api.features.contains_key(SHARED) {
        return Err(Error::unsupported(
            format!("feature `{SHARED}`"),
            "is called as the folder of what several features need; \
             call it otherwise in names.yaml",
        ));
    }
    let mut folders = BTreeMap::new();
    let features = api.types.values().map(|ty| &ty.features);
    for folder in features.map(|features| Folder::of(features, api)) {
        let path = folder.path();
        if folders.get(&path).is_some_and(|other| *other != folder) {
            let detail = "stands for two sets of features; take more digits of its checksum";
            return Err(Error::unsupported(format!("folder `{path}`"), detail));
        }
        folders.insert(path, folder);
    }
    Ok(folders)
}

/// FNV-1a: the same on every machine and with every compiler.
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(features: &[&str]) -> Folder {
        Folder {
            features: features.iter().map(|&feature| feature.to_owned()).collect(),
            is_for_all: false,
        }
    }

    #[test]
    fn a_folder_is_named_for_its_features() {
        for (features, path) in [
            (&["admin-roles"] as &[&str], "admin_roles"),
            (&["users", "groups"], "shared/groups_and_users"),
            (&["a", "b", "c", "d", "e"], "shared/a_b_c_d_and_e"),
            (
                &["a", "b", "c", "d", "e", "f"],
                "shared/a_and_5_more_ee7c5526",
            ),
        ] {
            assert_eq!(folder(features).path(), path);
        }
    }
}
